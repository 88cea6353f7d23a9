/** The links to the views: in the header where it is wide, in the menu where it is narrow. */
import * as Dropdown from '@radix-ui/react-dropdown-menu';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { NavLink, useParams } from 'react-router';
import { meQuery, sitesQuery } from '../api/queries';
import { navigation, type NavLinkTo } from './nav';
import { api } from './services';

const NO_ROLES: readonly string[] = [];

function useNavigation(): NavLinkTo[] {
  const { site, line } = useParams();
  const { data: me } = useQuery(meQuery(api));
  const { data: sites } = useQuery(sitesQuery(api));
  // Where no site is shown, the views of the first one are a click away too.
  return navigation({ site: site ?? sites?.[0]?.code, line }, me?.roles ?? NO_ROLES);
}

export function Nav() {
  const { t } = useTranslation();
  const links = useNavigation();
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      {links.map(({ key, to, end }) => <NavLink key={key} to={to} end={end} className="nav-link">{t(`nav.${key}`)}</NavLink>)}
    </nav>
  );
}

/** The same as items of the menu; hidden where the header shows them. */
export function NavItems() {
  const { t } = useTranslation();
  const links = useNavigation();
  return (
    <Dropdown.Group className="nav-items">
      <Dropdown.Label className="menu-label">{t('nav.label')}</Dropdown.Label>
      {links.map(({ key, to, end }) => (
        <Dropdown.Item key={key} asChild><NavLink to={to} end={end} className="menu-item nav-item">{t(`nav.${key}`)}</NavLink></Dropdown.Item>
      ))}
      <Dropdown.Separator className="my-1 border-t border-line" />
    </Dropdown.Group>
  );
}

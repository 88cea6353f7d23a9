/** What surrounds every view of a signed-in user: the header with place, views, server time, connection and menu. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useParams } from 'react-router';
import { sitesQuery } from '../api/queries';
import { AlertsLink } from './AlertsLink';
import { ConnectionState } from './ConnectionState';
import { Menu } from './Menu';
import { Nav } from './Nav';
import { ServerClock } from './ServerClock';
import { api } from './services';
import { SignedIn } from './SignedIn';
import { Trail } from './Trail';
import { VersionNotice } from './VersionNotice';

export function Frame() {
  const { t } = useTranslation();
  return (
    <SignedIn>
      <div className="flex min-h-dvh flex-col">
        <a href="#content" className="skip-link">{t('app.skipToContent')}</a>
        <Header />
        <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
          <Outlet />
        </main>
        <VersionNotice />
      </div>
    </SignedIn>
  );
}

function Header() {
  const { t } = useTranslation();
  const { site } = useParams();
  const { data: sites = [] } = useQuery(sitesQuery(api));
  const timeZone = sites.find(({ code }) => code === site)?.time_zone;
  return (
    <header className="header">
      <Link to="/" className="brand" aria-label={t('app.name')}>
        <img src="/favicon.svg" alt="" className="h-[1.7em] w-[1.7em]" />
      </Link>
      <Trail sites={sites} />
      <Nav />
      <span className="flex-1" />
      <AlertsLink />
      <ServerClock timeZone={timeZone} className="max-sm:hidden" />
      <ConnectionState timeZone={timeZone} />
      <Menu />
    </header>
  );
}

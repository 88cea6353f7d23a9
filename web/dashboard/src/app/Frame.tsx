/** What surrounds every view of a signed-in user: the header with site, server time, connection and menu. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, Outlet, useLocation, useParams } from 'react-router';
import { sitesQuery } from '../api/queries';
import { AlertsLink } from './AlertsLink';
import { ConnectionState } from './ConnectionState';
import { useFormats, useServerNow, useSession } from './hooks';
import { Menu } from './Menu';
import { api } from './services';
import { SiteSwitcher } from './SiteSwitcher';

export function Frame() {
  const { t } = useTranslation();
  const location = useLocation();
  const status = useSession();
  if (status.name === 'signed_out') {
    const here = location.pathname + location.search;
    return <Navigate to={here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`} replace />;
  }
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="skip-link">{t('app.skipToContent')}</a>
      <Header />
      <main id="content" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        <Outlet />
      </main>
    </div>
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
      <SiteSwitcher sites={sites} current={site} />
      <span className="flex-1" />
      <AlertsLink />
      <ServerClock timeZone={timeZone} />
      <ConnectionState timeZone={timeZone} />
      <Menu />
    </header>
  );
}

function ServerClock({ timeZone }: { timeZone?: string | undefined }) {
  const { t } = useTranslation();
  const now = useServerNow();
  return (
    <time className="text-[1.35em] font-semibold tabular-nums max-sm:hidden" title={t('app.serverTime')} dateTime={new Date(now).toISOString()}>
      {useFormats(timeZone).clock(now)}
    </time>
  );
}

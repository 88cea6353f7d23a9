/** The addresses of the application; each view is its own chunk. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { createBrowserRouter, Link, Navigate } from 'react-router';
import { sitesQuery } from '../api/queries';
import { Notice } from '../ui/Notice';
import { Frame } from './Frame';
import { api } from './services';

/** Long enough that a page which fails at once does not hammer the hub. */
const CRASH_RELOAD_MS = 20_000;

export const router = createBrowserRouter([
  { path: '/login', lazy: async () => ({ Component: (await import('../views/login/Login')).Login }), HydrateFallback: Loading, ErrorBoundary: Crashed },
  { path: '/kiosk', lazy: async () => ({ Component: (await import('../views/kiosk/Kiosk')).Kiosk }), HydrateFallback: Loading, ErrorBoundary: KioskCrashed },
  {
    path: '/',
    Component: Frame,
    ErrorBoundary: Crashed,
    HydrateFallback: Loading,
    children: [
      { index: true, Component: FirstSite },
      { path: 'sites/:site', lazy: async () => ({ Component: (await import('../views/board/Board')).Board }) },
      { path: 'sites/:site/lines/:line', lazy: async () => ({ Component: (await import('../views/line/Line')).Line }) },
      { path: 'sites/:site/kpi', lazy: async () => ({ Component: (await import('../views/kpi/Kpi')).Kpi }) },
      { path: 'sites/:site/messages', lazy: async () => ({ Component: (await import('../views/messages/Messages')).Messages }) },
      { path: 'sites/:site/lines/:line/terminal', lazy: async () => ({ Component: (await import('../views/terminal/Terminal')).Terminal }) },
      { path: 'alerts', lazy: async () => ({ Component: (await import('../views/alerts/Alerts')).Alerts }) },
      { path: '*', Component: NotFound },
    ],
  },
]);

/** `/` leads to the first site that the user may see. */
function FirstSite() {
  const { t } = useTranslation();
  const { data: sites, error } = useQuery({ ...sitesQuery(api), refetchInterval: (query) => (query.state.data?.length === 0 ? 10_000 : false) });
  if (error !== null) return <Notice title={t('problem.failed')}>{error.message}</Notice>;
  if (sites === undefined) return <Loading />;
  const [first] = sites;
  if (first === undefined) return <Notice title={t('problem.noSites')}>{t('problem.noSitesHint')}</Notice>;
  return <Navigate to={`/sites/${encodeURIComponent(first.code)}`} replace />;
}

function Loading() {
  const { t } = useTranslation();
  return <Notice title={t('app.loading')} busy />;
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <Notice title={t('problem.notFound')} action={<Link className="button" to="/">{t('problem.toBoard')}</Link>}>
      {t('problem.notFoundHint')}
    </Notice>
  );
}

function Crashed() {
  const { t } = useTranslation();
  return <Notice title={t('problem.crashed')} action={<button type="button" className="button" onClick={() => { location.reload(); }}>{t('problem.reload')}</button>} />;
}

/** Nobody stands before a wall to press a button. */
function KioskCrashed() {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(() => { location.reload(); }, CRASH_RELOAD_MS);
    return () => { clearTimeout(timer); };
  }, []);
  return <Notice title={t('problem.crashed')}>{t('kiosk.crashed')}</Notice>;
}

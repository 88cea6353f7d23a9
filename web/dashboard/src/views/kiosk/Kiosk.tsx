/** A board on a wall: the boards of several sites in turn, without anything to operate until somebody touches it. */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { useStore } from 'zustand';
import { type Site, sitesQuery } from '../../api/queries';
import { useTopic } from '../../app/hooks';
import { api, useLive, versions } from '../../app/services';
import { SignedIn } from '../../app/SignedIn';
import { claimReload } from '../../app/version';
import { Notice } from '../../ui/Notice';
import { Alerts } from '../alerts/Alerts';
import { SiteBoard } from '../board/SiteBoard';
import { Bar } from './Bar';
import { Controls } from './Controls';
import { type Plan, planOf, PRELOAD_MS, remainingMs, type Slide, shifted } from './rotation';
import { useIdle, useWakeLock } from './screen';
import { useRotation } from './useRotation';
import './kiosk.css';

export function Kiosk() {
  return <SignedIn><Planned /></SignedIn>;
}

const NO_SITES: readonly Site[] = [];

function Planned() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  // A site that is added while the board hangs on the wall joins the rotation.
  const { data: sites, error } = useQuery({ ...sitesQuery(api), refetchInterval: 300_000 });
  const named = params.has('sites');
  const plan = useMemo(() => planOf(params, (sites ?? NO_SITES).map(({ code }) => code)), [params, sites]);
  useWakeLock();
  useReload();
  if (plan.slides.length > 0) return <Rotating plan={plan} sites={sites ?? NO_SITES} />;
  if (sites === undefined && !named && error === null) return <Notice title={t('app.loading')} busy />;
  return <Notice title={t('problem.noSites')}>{t('problem.noSitesHint')}</Notice>;
}

function Rotating({ plan, sites }: { plan: Plan; sites: readonly Site[] }) {
  const { t } = useTranslation();
  const { rotation, now, send } = useRotation(plan);
  const idle = useIdle(useCallback(() => { send({ type: 'touched' }); }, [send]));
  const count = plan.slides.length;
  const slide = plan.slides[shifted(rotation.index, 0, count)];
  const next = count > 1 ? plan.slides[shifted(rotation.index, 1, count)] : undefined;
  const remaining = remainingMs(rotation, now);
  const leave = useLeave(slide, send);
  const siteOf = (wanted: Slide | undefined) => (wanted?.view === 'board' ? (sites.find(({ code }) => code === wanted.site) ?? { code: wanted.site, name: wanted.site }) : undefined);
  const nameOf = (wanted: Slide) => siteOf(wanted)?.name ?? t('alerts.title');
  if (slide === undefined) return null;
  return (
    <div className="kiosk" data-idle={idle}>
      <Bar title={nameOf(slide)} site={siteOf(slide)} next={next === undefined ? undefined : nameOf(next)} remainingMs={remaining} dwellMs={plan.dwellMs} position={{ index: shifted(rotation.index, 0, count), count }} />
      <main id="content" className="kiosk-content">
        {slide.view === 'board' ? <SiteBoard key={slide.site} code={slide.site} wall /> : <Alerts />}
        <Controls turns={count > 1} paused={rotation.paused} onEvent={send} onLeave={leave} />
      </main>
      {next?.view === 'board' && remaining !== null && remaining <= PRELOAD_MS && <Preload site={next.site} />}
    </div>
  );
}

/** Subscribes to the next board shortly before its turn; what has left the rotation is no longer followed by anybody. */
function Preload({ site }: { site: string }) {
  useTopic(`site/${site}`);
  return null;
}

/** Escape leaves the kiosk (a first one only leaves full screen, which is the browser's own key); arrows and the space bar turn and hold. */
function useLeave(slide: Slide | undefined, send: ReturnType<typeof useRotation>['send']): () => void {
  const navigate = useNavigate();
  const target = slide?.view === 'board' ? `/sites/${encodeURIComponent(slide.site)}` : '/';
  const leave = useCallback(() => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    void navigate(target);
  }, [navigate, target]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'Escape') leave();
      if (event.key === 'ArrowRight') send({ type: 'turn', by: 1 });
      if (event.key === 'ArrowLeft') send({ type: 'turn', by: -1 });
      if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) send({ type: 'pause' });
    };
    window.addEventListener('keydown', pressed);
    return () => { window.removeEventListener('keydown', pressed); };
  }, [leave, send]);
  return leave;
}

/** A new version is loaded at once, as soon as the hub is there to serve it. */
function useReload(): void {
  const version = useStore(versions.waiting, (state) => state.version);
  const ready = useLive((state) => state.link.name === 'ready');
  useEffect(() => {
    if (version !== null && ready && claimReload(sessionStorage, version, Date.now())) location.reload();
  }, [version, ready]);
}

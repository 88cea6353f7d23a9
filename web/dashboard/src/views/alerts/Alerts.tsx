/** The alerts of every site that the user sees: the gravest that nobody has taken note of first. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { type Alert, ALERT_STATES, countBySeverity } from '../../alerts/alert';
import { AlertList } from '../../alerts/AlertList';
import { useAlerts } from '../../alerts/hooks';
import { sitesQuery } from '../../api/queries';
import { AsOf } from '../../app/hooks';
import { api } from '../../app/services';
import { StaleNotice } from '../../app/StaleNotice';
import { isForbidden } from '../../live/topics';
import { isStale } from '../../live/view';
import { Notice } from '../../ui/Notice';
import { SeverityShape } from '../../ui/shapes';
import { SEVERITIES, type Severity } from '../../vocabulary';

export function Alerts() {
  const { t } = useTranslation();
  const { alerts, worst } = useAlerts();
  const [wanted, setWanted] = useWanted();
  const places = usePlaces();
  if (worst?.status === 'refused' && worst.data === null) {
    const { code = '', detail = '' } = worst.refusal ?? {};
    return <Notice title={isForbidden(code) ? t('problem.noPermission') : t('alerts.notServed')}>{isForbidden(code) ? null : detail || code}</Notice>;
  }
  if (alerts === undefined) return <Notice title={t('app.loading')} busy />;
  const shown = wanted === 'all' ? alerts : alerts.filter(({ severity }) => severity === wanted);
  const stale = isStale(worst);
  return (
    <AsOf value={stale ? (worst?.staleSince ?? worst?.changedAt ?? null) : null}>
      <div className="alerts-view" data-stale={stale}>
        <title>{`${t('alerts.title')} · ${t('app.name')}`}</title>
        <h1 className="text-[1.5em] font-semibold">{t('alerts.title')}</h1>
        {stale && worst !== undefined && <StaleNotice topic={worst} />}
        <Severities alerts={alerts} wanted={wanted} onWanted={setWanted} />
        {shown.length === 0 && <Notice level={2} title={alerts.length === 0 ? t('board.noAlerts') : t('alerts.noneOfSeverity')} />}
        {ALERT_STATES.map((state) => {
          const group = shown.filter((alert) => alert.state === state);
          if (group.length === 0) return null;
          return (
            <section key={state} aria-labelledby={`alerts-${state}`} className="grid gap-2">
              <h2 id={`alerts-${state}`} className="text-[1.1em] font-semibold">{t(`alerts.groups.${state}`)} <span className="text-muted tabular-nums">({group.length})</span></h2>
              <AlertList alerts={group} label={t(`alerts.groups.${state}`)} places={places} />
            </section>
          );
        })}
      </div>
    </AsOf>
  );
}

type Wanted = Severity | 'all';

/** The filter lives in the address, so that it can be shared. */
function useWanted(): [Wanted, (wanted: Wanted) => void] {
  const [params, setParams] = useSearchParams();
  const wanted = SEVERITIES.find((severity) => severity === params.get('severity')) ?? 'all';
  return [wanted, (next) => { setParams(next === 'all' ? {} : { severity: next }, { replace: true }); }];
}

function usePlaces() {
  const { data: sites } = useQuery(sitesQuery(api));
  return useMemo(() => {
    const byCode = new Map(sites?.map((site) => [site.code, { name: site.name, timeZone: site.time_zone }]));
    return { site: (code: string) => byCode.get(code) ?? { name: code, timeZone: undefined } };
  }, [sites]);
}

function Severities({ alerts, wanted, onWanted }: { alerts: readonly Alert[]; wanted: Wanted; onWanted: (wanted: Wanted) => void }) {
  const { t } = useTranslation();
  const counts = countBySeverity(alerts);
  return (
    <fieldset className="chips">
      <legend className="sr-only">{t('alerts.filter')}</legend>
      {(['all', ...SEVERITIES] as const).map((severity) => {
        const count = severity === 'all' ? alerts.length : counts[severity];
        return (
          <label key={severity} className="chip" data-empty={count === 0}>
            <input type="radio" className="sr-only" name="severity" value={severity} checked={wanted === severity} onChange={() => { onWanted(severity); }} />
            {severity !== 'all' && <SeverityShape severity={severity} />}
            <span>{severity === 'all' ? t('alerts.all') : t(`severity.${severity}`)}</span>
            <b>{count}</b>
          </label>
        );
      })}
    </fieldset>
  );
}

/** Above the tiles: how many lines are in which state (choosing one filters), a search, and the alerts of the site. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { AlertShape, SeverityShape, type ShapedState, StateShape } from '../../ui/shapes';
import { SEVERITIES } from '../../vocabulary';
import type { Filter } from './filter';
import { GROUPS, type Group, groupOf, totalAlerts } from './need';
import type { SiteOverview } from './site';

type ToolbarProps = { overview: SiteOverview; filter: Filter; onFilter: (filter: Filter) => void };

const SHAPE: Record<Exclude<Group, 'alerts'>, ShapedState> = { down: 'down', stopped: 'idle', unknown: 'unknown', planned: 'planned', running: 'running' };

export function Toolbar({ overview, filter, onFilter }: ToolbarProps) {
  const { t } = useTranslation();
  const name = useId();
  const groups = overview.lines.map(groupOf);
  return (
    <div className="toolbar">
      <fieldset className="chips">
        <legend className="sr-only">{t('board.filter')}</legend>
        {(['all', ...GROUPS] as const).map((group) => {
          const count = group === 'all' ? groups.length : groups.filter((other) => other === group).length;
          return (
            <label key={group} className="chip" data-group={group} data-empty={count === 0}>
              <input type="radio" className="sr-only" name={name} value={group} checked={filter.group === group} onChange={() => { onFilter({ ...filter, group }); }} />
              <GroupShape group={group} />
              <span>{t(`board.groups.${group}`)}</span>
              <b>{count}</b>
            </label>
          );
        })}
      </fieldset>
      <input type="search" className="input find" aria-label={t('board.find')} placeholder={t('board.find')} value={filter.text} onChange={(event) => { onFilter({ ...filter, text: event.target.value }); }} />
      <SiteAlerts overview={overview} />
    </div>
  );
}

function GroupShape({ group }: { group: Group | 'all' }) {
  if (group === 'all') return null;
  return group === 'alerts' ? <AlertShape /> : <StateShape state={SHAPE[group]} />;
}

function SiteAlerts({ overview: { alerts } }: { overview: SiteOverview }) {
  const { t } = useTranslation();
  if (totalAlerts(alerts) === 0) return <p className="ml-auto text-muted">{t('board.noAlerts')}</p>;
  return (
    <div className="ml-auto flex items-center gap-3">
      <span className="text-muted" id="site-alerts">{t('board.alerts')}</span>
      <ul className="counts text-[1.1em] font-semibold" aria-labelledby="site-alerts">
        {SEVERITIES.filter((severity) => alerts[severity] > 0).map((severity) => {
          const text = t('board.alertCount', { severity: t(`severity.${severity}`), n: alerts[severity] });
          return (
            <li key={severity} title={text}>
              <SeverityShape severity={severity} />
              <span aria-hidden="true">{alerts[severity]}</span>
              <span className="sr-only">{text}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

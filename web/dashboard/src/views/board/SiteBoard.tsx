/** The lines of a site: a tile a line, the neediest first; at a desk with a filter above, on a wall alone. */
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AsOf, useTopic } from '../../app/hooks';
import { StaleNotice } from '../../app/StaleNotice';
import type { JsonObject } from '../../live/merge';
import type { Topic } from '../../live/state';
import { isForbidden } from '../../live/topics';
import { isStale } from '../../live/view';
import { Notice } from '../../ui/Notice';
import { EVERYTHING, useFilter } from './filter';
import { Grid } from './Grid';
import { byNeed, matches } from './need';
import { type Line, readSite } from './site';
import { Toolbar } from './Toolbar';
import './board.css';

type SiteBoardProps = { code: string; /** On a wall: everything at once, nothing to operate. */ wall?: boolean };

export function SiteBoard({ code, wall = false }: SiteBoardProps) {
  const { t } = useTranslation();
  const topic = useTopic(`site/${code}`);
  if (topic?.data !== null && topic?.data !== undefined) return <Overview code={code} topic={topic} data={topic.data} wall={wall} />;
  if (topic?.status !== 'refused') return <Notice title={t('app.loading')} busy />;
  return <Refused site={code} topic={topic} />;
}

function Refused({ site, topic }: { site: string; topic: Topic }) {
  const { t } = useTranslation();
  const { code = '', detail = '' } = topic.refusal ?? {};
  if (isForbidden(code)) return <Notice title={t('problem.noPermission')}>{t('problem.noPermissionHint', { site })}</Notice>;
  if (/unknown|not_found|invalid/.test(code)) return <Notice title={t('problem.unknownSite')}>{t('problem.unknownSiteHint', { site })}</Notice>;
  return <Notice title={t('problem.refused')}>{detail || code}</Notice>;
}

function Overview({ code, topic, data, wall }: { code: string; topic: Topic; data: JsonObject; wall: boolean }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useFilter();
  const overview = useMemo(() => readSite(data), [data]);
  const sorted = useMemo(() => byNeed(overview.lines), [overview]);
  // Typing stays quick while the tiles follow.
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => sorted.filter((line) => matches(line, wanted.group, wanted.text)), [sorted, wanted]);
  const name = overview.site?.name ?? code;
  const timeZone = overview.site?.time_zone;
  const stale = isStale(topic);
  return (
    <AsOf value={stale ? (topic.staleSince ?? topic.changedAt) : null}>
      <div className="board" data-stale={stale} data-wall={wall}>
        <title>{`${name} · ${t('app.name')}`}</title>
        <h1 className="sr-only">{t('board.title', { site: name })}</h1>
        {stale && <StaleNotice topic={topic} timeZone={timeZone} />}
        {overview.lines.length === 0 && <Notice level={2} title={t('problem.noLines')}>{t('problem.noLinesHint')}</Notice>}
        {overview.lines.length > 0 && !wall && <Toolbar overview={overview} filter={filter} onFilter={setFilter} />}
        {overview.lines.length > 0 && <Lines lines={shown} code={code} timeZone={timeZone} wall={wall} onClear={() => { setFilter(EVERYTHING); }} />}
      </div>
    </AsOf>
  );
}

type LinesProps = { lines: readonly Line[]; code: string; timeZone: string | undefined; wall: boolean; onClear: () => void };

function Lines({ lines, code, timeZone, wall, onClear }: LinesProps) {
  const { t } = useTranslation();
  if (lines.length > 0) return <Grid lines={lines} siteCode={code} timeZone={timeZone} wall={wall} />;
  return <Notice level={2} title={t('problem.noMatch')} action={!wall && <button type="button" className="button" onClick={onClear}>{t('problem.clearFilter')}</button>} />;
}

/** The board of a site: a tile a line, the neediest first. */
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams, useSearchParams } from 'react-router';
import { AsOf, useTopic } from '../../app/hooks';
import { StaleNotice } from '../../app/StaleNotice';
import type { JsonObject } from '../../live/merge';
import type { Topic } from '../../live/state';
import { isForbidden } from '../../live/topics';
import { isStale } from '../../live/view';
import { Notice } from '../../ui/Notice';
import { Grid } from './Grid';
import { byNeed, GROUPS, type Group, matches } from './need';
import { readSite, type SiteOverview } from './site';
import { Toolbar } from './Toolbar';
import './board.css';

export function Board() {
  const { t } = useTranslation();
  const { site = '' } = useParams();
  const topic = useTopic(`site/${site}`);
  if (topic?.data !== null && topic?.data !== undefined) return <Overview key={site} code={site} topic={topic} data={topic.data} />;
  if (topic?.status !== 'refused') return <Notice title={t('app.loading')} busy />;
  return <Refused site={site} topic={topic} />;
}

function Refused({ site, topic }: { site: string; topic: Topic }) {
  const { t } = useTranslation();
  const { code = '', detail = '' } = topic.refusal ?? {};
  if (isForbidden(code)) return <Notice title={t('problem.noPermission')}>{t('problem.noPermissionHint', { site })}</Notice>;
  if (/unknown|not_found|invalid/.test(code)) return <Notice title={t('problem.unknownSite')}>{t('problem.unknownSiteHint', { site })}</Notice>;
  return <Notice title={t('problem.refused')}>{detail || code}</Notice>;
}

function Overview({ code, topic, data }: { code: string; topic: Topic; data: JsonObject }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useFilter();
  const overview = useMemo(() => readSite(data), [data]);
  const sorted = useMemo(() => byNeed(overview.lines), [overview]);
  // Typing stays quick while the tiles follow.
  const wanted = useDeferredValue(filter);
  const shown = useMemo(() => sorted.filter((line) => matches(line, wanted.group, wanted.text)), [sorted, wanted]);
  const timeZone = overview.site?.time_zone;
  const stale = isStale(topic);
  return (
    <AsOf value={stale ? (topic.staleSince ?? topic.changedAt) : null}>
      <div className="board" data-stale={stale}>
        <title>{`${overview.site?.name ?? code} · ${t('app.name')}`}</title>
        <h1 className="sr-only">{t('board.title', { site: overview.site?.name ?? code })}</h1>
        {stale && <StaleNotice topic={topic} timeZone={timeZone} />}
        {overview.lines.length === 0 ? (
          <Notice level={2} title={t('problem.noLines')}>{t('problem.noLinesHint')}</Notice>
        ) : (
          <>
            <Toolbar overview={overview} filter={filter} onFilter={setFilter} />
            <Lines overview={overview} shown={shown} onClear={() => { setFilter({ group: 'all', text: '' }); }} />
          </>
        )}
      </div>
    </AsOf>
  );
}

function Lines({ overview, shown, onClear }: { overview: SiteOverview; shown: ReturnType<typeof byNeed>; onClear: () => void }) {
  const { t } = useTranslation();
  if (shown.length > 0) return <Grid lines={shown} timeZone={overview.site?.time_zone} />;
  return <Notice level={2} title={t('problem.noMatch')} action={<button type="button" className="button" onClick={onClear}>{t('problem.clearFilter')}</button>} />;
}

export type Filter = { group: Group | 'all'; text: string };

/** The filter lives in the address, so that a wall board can be opened with it. */
function useFilter(): [Filter, (filter: Filter) => void] {
  const [params, setParams] = useSearchParams();
  const show = params.get('show');
  const text = params.get('find') ?? '';
  const group: Group | 'all' = GROUPS.find((name) => name === show) ?? 'all';
  const filter = useMemo(() => ({ group, text }), [group, text]);
  const setFilter = (next: Filter) => {
    const wanted = new URLSearchParams();
    if (next.group !== 'all') wanted.set('show', next.group);
    if (next.text !== '') wanted.set('find', next.text);
    setParams(wanted, { replace: true });
  };
  return [filter, setFilter];
}

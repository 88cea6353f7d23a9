/** The stops of a period with what the user does to them: shown at once, taken back where the hub refuses. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newKey } from '../../api/key';
import { meQuery } from '../../api/queries';
import { HubProblem } from '../../api/problem';
import { api } from '../../app/services';
import { lineQuery, patchStop, type PatchedStop, type Reason, type Stop, type StopChange, STOP_ROLES, stopsKey, stopsQuery } from '../../stops/api';
import type { Stop as LiveStop } from './data';
import type { Place } from './Line';
import { type Draft, type Drafts, mergeStops, pending, type ShownStop } from './stops';
import type { Range } from './timeline/scale';
import { useAfterGap } from './useAfterGap';
import { useSame } from './useSame';

/** What is older than the topic's newest stops changes for others without a word, so it is read again now and then. */
const REFETCH_MS = 60_000;
const NO_REASONS: readonly Reason[] = [];

export type Stops = {
  stops: readonly ShownStop[];
  drafts: Drafts;
  reasons: readonly Reason[];
  mayChange: boolean;
  truncated: boolean;
  loading: boolean;
  failed: boolean;
  /** Resolves to whether the hub took it. */
  change: (id: string, change: StopChange) => Promise<boolean>;
};

export function useStops(place: Place, period: Range, liveNow: readonly LiveStop[], stale: boolean): Stops {
  const live = useSame(liveNow);
  const query = useQuery({ ...stopsQuery(api, place, { from: period.from, to: period.to }), refetchInterval: REFETCH_MS, placeholderData: (before) => before });
  const { data: me } = useQuery(meQuery(api));
  const { data: line } = useQuery(lineQuery(api, place));
  useAfterGap(stale, query.refetch);
  const { drafts, change, settle } = useDrafts(place);
  const fetched = query.data?.items;
  const known = useMemo(() => mergeStops(live, fetched ?? [], period), [live, fetched, period]);
  useEffect(() => { settle(known); }, [known, drafts, settle]);
  const stops = useMemo(() => mergeStops(live, fetched ?? [], period, drafts), [live, fetched, period, drafts]);
  return {
    stops,
    drafts,
    change,
    reasons: line?.reasons ?? NO_REASONS,
    mayChange: me?.roles.some((role) => STOP_ROLES.includes(role)) ?? false,
    truncated: query.data?.truncated ?? false,
    loading: query.isPending,
    failed: query.isError,
  };
}

/** What the user does to stops of a line: sent at once, kept until a copy of the hub's has it. */
export function useDrafts(place: Place) {
  const { site, line } = place;
  const client = useQueryClient();
  const explain = useExplain();
  const [drafts, setDrafts] = useState<Drafts>(new Map());
  const failed = useRef(new Map<string, Pick<Draft, 'change' | 'key'>>());
  const settle = useCallback((known: readonly ShownStop[]) => { setDrafts((before) => pending(before, known)); }, []);
  const change = useCallback(
    async (id: string, wanted: StopChange): Promise<boolean> => {
      // The same thing tried again after a failure is the same thing, even if the hub did it the first time.
      const last = failed.current.get(id);
      const key = last !== undefined && JSON.stringify(last.change) === JSON.stringify(wanted) ? last.key : newKey();
      failed.current.delete(id);
      setDrafts((before) => new Map(before).set(id, { change: wanted, key, phase: 'sending' }));
      try {
        const after = await patchStop(api, { site, line }, id, wanted, key);
        client.setQueriesData<{ items: Stop[]; truncated: boolean }>({ queryKey: [...stopsKey({ site, line }), 'list'] }, (list) => list && { ...list, items: replaced(list.items, after) });
        setDrafts((before) => new Map(before).set(id, { change: wanted, key, phase: 'sent' }));
        void client.invalidateQueries({ queryKey: stopsKey({ site, line }) });
        void client.invalidateQueries({ queryKey: ['timeline', site, line] });
        return true;
      } catch (cause) {
        failed.current.set(id, { change: wanted, key });
        setDrafts((before) => new Map(before).set(id, { change: wanted, key, phase: 'failed', failure: explain(cause) }));
        return false;
      }
    },
    [client, explain, site, line],
  );
  return { drafts, change, settle };
}

function replaced(items: readonly Stop[], { split_off: later, ...stop }: PatchedStop): Stop[] {
  const others = items.filter(({ id }) => id !== stop.id && id !== later?.id);
  return [stop, ...(later === undefined ? [] : [later]), ...others].sort((a, b) => b.from - a.from);
}

/** A failed call in words for a person. */
export function useExplain(): (cause: unknown) => string {
  const { t } = useTranslation();
  return useCallback((cause: unknown) => (cause instanceof HubProblem ? t('alerts.refused', { detail: cause.detail || cause.code }) : t('alerts.unreachable')), [t]);
}

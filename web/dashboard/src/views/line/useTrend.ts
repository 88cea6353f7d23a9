/** A measure's history by REST and its live points from the store. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { api, useLive } from '../../app/services';
import type { LiveState } from '../../live/state';
import { readLine } from './data';
import type { Segment, Timeline } from './timeline/data';
import { appendPoint, type Point, samplesQuery, SPANS, type TrendKey } from './trend';
import { useAfterGap } from './useAfterGap';

const serverNow = () => Date.now() + (useLive.getState().clockOffsetMs ?? 0);

export function useHistory(key: TrendKey, stale: boolean) {
  const query = useQuery(samplesQuery(api, key, serverNow));
  useAfterGap(stale, query.refetch);
  return query;
}

/** The points that arrive while the chart is shown. */
export function useLivePoints({ site, line, machine, metric, span }: TrendKey): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([]);
  useEffect(() => {
    let known: unknown;
    const take = (state: LiveState) => {
      const data = state.topics[`line/${site}/${line}`]?.data;
      if (data === null || data === undefined || data === known) return;
      known = data;
      const measure = readLine(data).machines.find(({ code }) => code === machine)?.measures.find(({ name }) => name === metric);
      const { value, at } = measure ?? {};
      if (typeof value === 'number' && at !== undefined) setPoints((before) => appendPoint(before, { at, value }, serverNow() - SPANS[span].ms));
    };
    return useLive.subscribe(take);
  }, [site, line, machine, metric, span]);
  return points;
}

const KNOWN: readonly Segment[] = [];

/** When the machine had no contact, as far as the timeline that is shown knows it. */
export function useSilence({ site, line }: { site: string; line: string }, machine: string): readonly Segment[] {
  const client = useQueryClient();
  const read = client.getQueriesData<Timeline>({ queryKey: ['timeline', site, line] });
  const states = read.flatMap(([, timeline]) => timeline?.rows ?? []).find((row) => row.machine === machine)?.states;
  return useMemo(() => states?.filter(({ state }) => state === 'offline' || state === 'unknown') ?? KNOWN, [states]);
}

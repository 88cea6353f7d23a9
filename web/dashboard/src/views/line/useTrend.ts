/** A measure's history by REST and its live points from the store. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, useLive } from '../../app/services';
import type { LiveState } from '../../live/state';
import { readLine } from './data';
import { appendPoint, type Point, samplesQuery, SPANS, type TrendKey } from './trend';

const serverNow = () => Date.now() + (useLive.getState().clockOffsetMs ?? 0);

/** Read again after a lost connection, because what was measured meanwhile came by no delta. */
export function useHistory(key: TrendKey, stale: boolean) {
  const query = useQuery(samplesQuery(api, key, serverNow));
  const { refetch } = query;
  const wasStale = useRef(stale);
  useEffect(() => {
    if (wasStale.current && !stale) void refetch();
    wasStale.current = stale;
  }, [stale, refetch]);
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

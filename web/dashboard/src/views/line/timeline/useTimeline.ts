/** The timeline of a line: the past by REST, what happens while it is shown from the live topic. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api, useLive } from '../../../app/services';
import type { LiveState } from '../../../live/state';
import { type LineData, readLine } from '../data';
import type { Place } from '../Line';
import { useAfterGap } from '../useAfterGap';
import { useSame } from '../useSame';
import { type Named, observe, ordersOf, type OrderSpan, type Row, rowsOf, type Segment, type ShiftSpan, timelineQuery } from './data';
import type { Range } from './scale';

type Seen = Readonly<Record<string, readonly Segment[]>>;
const NOTHING: Seen = {};
const NO_SHIFTS: readonly ShiftSpan[] = [];
const NO_ORDERS: readonly OrderSpan[] = [];

export type TimelineState = { rows: readonly Row[]; shifts: readonly ShiftSpan[]; orders: readonly OrderSpan[]; loading: boolean; failed: boolean };

export function useTimeline(place: Place, { from, to }: Range, { machines, order }: Pick<LineData, 'machines' | 'order'>, stale: boolean): TimelineState {
  const query = useQuery(timelineQuery(api, place, from, to));
  useAfterGap(stale, query.refetch);
  useOnChange(order?.code, query.refetch);
  const seen = useSeen(place);
  const past = query.data?.rows;
  const named = useSame<Named>(machines, sameName);
  const rows = useMemo(() => rowsOf(past ?? [], named, seen), [past, named, seen]);
  return { rows, shifts: query.data?.shifts ?? NO_SHIFTS, orders: ordersOf(query.data?.orders ?? NO_ORDERS, order), loading: query.isPending, failed: query.isError };
}

function sameName(a: Named, b: Named): boolean {
  return a.code === b.code && a.name === b.name;
}

/** Reads again when another order runs, or none: what ended, and when, is in the past. */
function useOnChange(value: string | undefined, refetch: () => unknown): void {
  const before = useRef(value);
  useEffect(() => {
    if (before.current !== value) void refetch();
    before.current = value;
  }, [value, refetch]);
}

/** Every state that the topic showed since the view was opened, also those that were over before React painted. */
function useSeen({ site, line }: Place): Seen {
  const [seen, setSeen] = useState(NOTHING);
  useEffect(() => {
    let known: unknown;
    const take = (state: LiveState) => {
      const data = state.topics[`line/${site}/${line}`]?.data;
      if (data === null || data === undefined || data === known) return;
      known = data;
      const { machines } = readLine(data);
      setSeen((before) => machines.reduce<Seen>((all, machine) => {
        const after = observe(all[machine.code] ?? [], machine);
        return after === all[machine.code] || after.length === 0 ? all : { ...all, [machine.code]: after };
      }, before));
    };
    take(useLive.getState());
    return useLive.subscribe(take);
  }, [site, line]);
  return seen;
}

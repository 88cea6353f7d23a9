/** The states of a line's machines over time: what is asked of the hub, and how what happens live is appended. */
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../../../api/client';
import { type Answer, reads } from '../../../api/types';
import { instant } from '../../../api/wire';
import { linePath, type LineRef } from '../../../stops/api';
import { type LineStatus, STATES } from '../../../vocabulary';
import { z } from '../../../zod';
import type { Machine } from '../data';

/** A machine in one state; `to` null: it still is. */
export type Segment = { from: number; to: number | null; state: LineStatus; reason?: string | undefined };
export type Row = { machine: string; name: string; states: readonly Segment[] };
export type PlannedStop = { name: string; from: number; to: number };
export type ShiftSpan = { name: string; from: number; to: number; planned: readonly PlannedStop[] };
export type OrderSpan = { code: string; article?: string | undefined; from: number; to: number | null };
export type Timeline = { rows: readonly Row[]; shifts: readonly ShiftSpan[]; orders: readonly OrderSpan[] };

const orNull = <T>(value: T | null | undefined): T | null => value ?? null;
const segment = z.object({
  from: instant,
  to: instant.nullish().transform(orNull),
  state: z.enum(STATES).or(z.literal('unknown')).catch('unknown'),
  reason: z.string().nullish().transform((reason) => reason ?? undefined),
});
const planned = z.object({ name: z.string(), from: instant, to: instant });
const timeline = reads<Answer<'/api/v1/sites/{site}/lines/{line}/timeline', 'get'>>()(
  z
    .object({
      from: instant,
      machines: z.record(z.string(), z.object({ name: z.string().optional(), states: z.array(segment) })),
      shifts: z.array(z.object({ name: z.string().default(''), from: instant, to: instant, planned_stops: z.array(planned).default([]) })).default([]),
      orders: z.array(z.object({ code: z.string(), article: z.string().optional(), from: instant.nullish().transform(orNull), to: instant.nullish().transform(orNull) })).default([]),
    })
    .transform(({ from, machines, shifts, orders }): Timeline => ({
      rows: Object.entries(machines).map(([machine, { name = machine, states }]) => ({ machine, name, states })),
      shifts: shifts.map(({ planned_stops, ...shift }) => ({ ...shift, planned: planned_stops })),
      orders: orders.map((order) => ({ ...order, from: order.from ?? from })),
    })),
);

/** Late messages of machines correct the past, so it is read again now and then. */
const REFETCH_MS = 120_000;

export function timelineQuery(api: Api, place: LineRef, from: number, to: number) {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  return queryOptions({
    queryKey: ['timeline', place.site, place.line, from, to],
    refetchInterval: REFETCH_MS,
    queryFn: ({ signal }) => api.get(`${linePath(place)}/timeline?${query.toString()}`, timeline, signal),
  });
}

/** States seen live that are kept for each machine until the next reading of the past has them. */
const MAX_SEEN = 500;

/** Adds what a machine is said to do now to what was seen of it since; the same array where nothing is new. */
export function observe(seen: readonly Segment[], { state, since, reason }: Pick<Machine, 'state' | 'since' | 'reason'>): readonly Segment[] {
  const last = seen.at(-1);
  if (since === undefined || (last !== undefined && since < last.from)) return seen;
  const now: Segment = { from: since, to: null, state, reason };
  if (last === undefined) return [now];
  if (last.from === since) return last.state === state && last.reason === reason ? seen : [...seen.slice(0, -1), now];
  return [...seen.slice(-MAX_SEEN), now].map((other, index, all) => (other.to === null && index < all.length - 1 ? { ...other, to: since } : other));
}

/** The past as it was read, then what was seen after its last state began. Neither argument is changed. */
export function appendSeen(past: readonly Segment[], seen: readonly Segment[]): readonly Segment[] {
  const begun = past.at(-1)?.from ?? -Infinity;
  const newer = seen.filter(({ from }) => from >= begun);
  const [first] = newer;
  if (first === undefined) return past;
  // The same state again, perhaps with a reason that was given since.
  if (first.from === begun) return [...past.slice(0, -1), ...newer];
  return [...past.map((other, index) => (index === past.length - 1 && (other.to === null || other.to > first.from) ? { ...other, to: first.from } : other)), ...newer];
}

export type Named = Pick<Machine, 'code' | 'name'>;

/** Rows in the order of the live machines, which also have a row if the hub knows nothing of their past. */
export function rowsOf(past: readonly Row[], machines: readonly Named[], seen: Readonly<Record<string, readonly Segment[]>>): Row[] {
  const known = new Map(past.map((row) => [row.machine, row]));
  const live = machines.map(({ code, name }): Row => ({ machine: code, name, states: appendSeen(known.get(code)?.states ?? [], seen[code] ?? []) }));
  return [...live, ...past.filter(({ machine }) => !machines.some(({ code }) => code === machine))];
}

/** The orders that ran, with the one that runs now if the past was read before it started. */
export function ordersOf(past: readonly OrderSpan[], running: { code: string; article?: string | undefined; started_at?: number | undefined } | null): readonly OrderSpan[] {
  if (running?.started_at === undefined || past.some(({ code, to }) => code === running.code && to === null)) return past;
  // It may have run before and been paused; where it goes on is not known before the past is read again.
  const from = Math.max(running.started_at, ...past.map(({ from: begun, to }) => to ?? begun));
  return [...past.map((order) => (order.to === null ? { ...order, to: Math.max(order.from, from) } : order)), { code: running.code, article: running.article, from, to: null }];
}

/** The state at a moment; null where nothing is known. */
export function segmentAt(states: readonly Segment[], at: number, now: number): number | null {
  const index = states.findLastIndex(({ from }) => from <= at);
  const found = states[index];
  return found !== undefined && at < (found.to ?? now) ? index : null;
}

/** How long it lasted, up to `now` for the one that lasts. */
export function lengthOf({ from, to }: { from: number; to?: number | null | undefined }, now: number): number {
  return Math.max(0, (to ?? now) - from);
}

/** The part of it in planned stops, counted once where these overlap. */
export function plannedWithin(from: number, to: number, stops: readonly PlannedStop[]): number {
  let [sum, end] = [0, from];
  for (const stop of [...stops].sort((a, b) => a.from - b.from)) {
    const begin = Math.max(end, stop.from);
    const until = Math.min(to, stop.to);
    if (until > begin) {
      sum += until - begin;
      end = until;
    }
  }
  return sum;
}

/** A part of a row with the stop it belongs to, if it is one. */
export type Part = Segment & { stop?: string | undefined; explained: boolean };
type KnownStop = { id: string; machine: string; reason?: string | undefined; from: number; to?: number | undefined };

/** The states of a machine cut where its stops are, each part with the reason of its stop, which may be newer. */
export function partsOf(states: readonly Segment[], stops: readonly KnownStop[]): Part[] {
  const sorted = [...stops].sort((a, b) => a.from - b.from);
  let first = 0;
  return states.flatMap((segment) => {
    if (!isStop(segment.state)) return [{ ...segment, explained: true }];
    const end = segment.to ?? Infinity;
    while (first < sorted.length && (sorted[first]?.to ?? Infinity) <= segment.from) first += 1;
    const parts: Part[] = [];
    let at = segment.from;
    for (let index = first; at < end; index += 1) {
      const stop = sorted[index];
      const begins = Math.max(at, stop?.from ?? Infinity);
      if (begins > at) parts.push({ ...segment, from: at, to: begins >= end ? segment.to : begins, explained: segment.reason !== undefined });
      if (stop === undefined || begins >= end) break;
      const until = Math.min(end, stop.to ?? Infinity);
      if (until > begins) parts.push({ ...segment, from: begins, to: until === Infinity ? null : until, reason: stop.reason, stop: stop.id, explained: stop.reason !== undefined });
      at = Math.max(at, until);
    }
    return parts;
  });
}

/** The states in which somebody should say why. */
export function isStop(state: LineStatus): boolean {
  return state !== 'running' && state !== 'offline' && state !== 'unknown';
}

/** The stops of a period by what stopped the machines: the few that cost most come first. */
import type { LineStatus } from '../../vocabulary';
import { lengthOf, type PlannedStop, plannedWithin } from './timeline/data';
import type { Range } from './timeline/scale';

export type Counted = { machine: string; state: LineStatus; reason?: string | undefined; from: number; to?: number | undefined };

/** Stops of one state and reason; `reason` undefined: nobody has said why. Ratios are of the time of all stops. */
export type Loss = { key: string; state: LineStatus; reason: string | undefined; durationMs: number; count: number; share: number; cumulative: number };

export type Losses = { items: readonly Loss[]; totalMs: number; unclassified: number };

/** What a stop cost within a period: not what lay outside, nor what was planned. */
export function costOf(stop: { from: number; to?: number | undefined }, period: Range, planned: readonly PlannedStop[], now: number): number {
  const from = Math.max(stop.from, period.from);
  const to = Math.min(stop.from + lengthOf(stop, now), period.to);
  return to <= from ? 0 : to - from - plannedWithin(from, to, planned);
}

export function lossKey({ state, reason }: { state: LineStatus; reason?: string | undefined }): string {
  return reason === undefined ? `${state}?` : `${state}:${reason}`;
}

/** Machine by machine, added up: two machines that stood for the same hour cost two. */
export function pareto(stops: readonly Counted[], period: Range, planned: readonly PlannedStop[], now: number): Losses {
  const groups = new Map<string, { state: LineStatus; reason: string | undefined; durationMs: number; count: number }>();
  for (const stop of stops) {
    const cost = costOf(stop, period, planned, now);
    if (cost <= 0) continue;
    const key = lossKey(stop);
    const group = groups.get(key) ?? { state: stop.state, reason: stop.reason, durationMs: 0, count: 0 };
    groups.set(key, { ...group, durationMs: group.durationMs + cost, count: group.count + 1 });
  }
  const sorted = [...groups].sort(([a, one], [b, other]) => other.durationMs - one.durationMs || (a < b ? -1 : 1));
  const totalMs = sorted.reduce((sum, [, { durationMs }]) => sum + durationMs, 0);
  let sum = 0;
  const items = sorted.map(([key, group]): Loss => {
    sum += group.durationMs;
    return { key, ...group, share: group.durationMs / totalMs, cumulative: sum / totalMs };
  });
  return { items, totalMs, unclassified: items.reduce((count, item) => count + (item.reason === undefined ? item.count : 0), 0) };
}

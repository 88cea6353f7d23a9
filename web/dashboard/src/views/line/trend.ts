/** A measure over time: what is asked of the hub, and how live points join the history. */
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { type Answer, reads } from '../../api/types';
import { instant } from '../../api/wire';
import { z } from '../../zod';
import type { Machine } from './data';
import type { Range } from './timeline/scale';

export type Point = { at: number; value: number };

const MINUTE_MS = 60_000;
/** How far back, and how often the history is read again so that live points need not be kept for long. */
export const SPANS = {
  '15m': { ms: 15 * MINUTE_MS, refetchMs: 2 * MINUTE_MS },
  '1h': { ms: 60 * MINUTE_MS, refetchMs: 5 * MINUTE_MS },
  '8h': { ms: 480 * MINUTE_MS, refetchMs: 10 * MINUTE_MS },
  '24h': { ms: 1_440 * MINUTE_MS, refetchMs: 15 * MINUTE_MS },
} as const;
export type Span = keyof typeof SPANS;

/** About what a chart can show: more points than this are on the same pixels. */
const POINTS = 600;
const MAX_LIVE_POINTS = 4_000;

export type Choice = { machine: string; metric: string };

const samples = reads<Answer<'/api/v1/sites/{site}/lines/{line}/samples', 'get'>>()(z.object({
  truncated: z.boolean().default(false),
  items: z.array(z.object({ machine: z.string(), points: z.array(z.object({ at: instant, value: z.number() })) })),
}));
export type History = { truncated: boolean; points: readonly Point[] };

/** `range`: a part of the past that is looked at in detail; null: up to now. */
export type TrendKey = Choice & { site: string; line: string; span: Span; range: Range | null };

/** The history of one measure of one machine; `serverNow` is asked when the call is made. */
export function samplesQuery(api: Api, { site, line, machine, metric, span, range }: TrendKey, serverNow: () => number) {
  return queryOptions({
    queryKey: ['samples', site, line, machine, metric, range ?? span],
    refetchInterval: range === null ? SPANS[span].refetchMs : false,
    queryFn: async ({ signal }): Promise<History> => {
      const from = range?.from ?? serverNow() - SPANS[span].ms;
      const to: Record<string, string> = range === null ? {} : { to: new Date(range.to).toISOString() };
      const query = new URLSearchParams({ metric, machine, from: new Date(from).toISOString(), ...to, points: String(POINTS) });
      const answer = await api.get(`/sites/${encodeURIComponent(site)}/lines/${encodeURIComponent(line)}/samples?${query.toString()}`, samples, signal);
      return { truncated: answer.truncated, points: answer.items.find((series) => series.machine === machine)?.points ?? [] };
    },
  });
}

/** A point where the curve breaks has no value. */
export type Mark = { at: number; value: number | null };

/** This many times the usual distance, and at least this long, without a point: nobody knows what was between. */
const GAP_TIMES = 10;
const GAP_MS = 2 * MINUTE_MS;
/** The usual distance of fewer points than this would be a guess. */
const FEW_POINTS = 4;

/** Breaks the curve where the machine had no contact, or where far less came than usual. */
export function withGaps(points: readonly Point[], silent: readonly { from: number; to: number | null }[]): readonly Mark[] {
  const steps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at)).sort((a, b) => a - b);
  const usual = points.length < FEW_POINTS ? Infinity : (steps[Math.floor(steps.length / 2)] ?? Infinity);
  const limit = Math.max(GAP_MS, GAP_TIMES * usual);
  return points.flatMap((point, index): Mark[] => {
    const before = points[index - 1];
    if (before === undefined) return [point];
    const broken = point.at - before.at > limit || silent.some(({ from, to }) => from >= before.at && (to ?? Infinity) <= point.at);
    return broken ? [{ at: before.at + 1, value: null }, point] : [point];
  });
}

/** Adds a live point unless it is not newer; forgets what is older than `from`, and every other point when there are too many. */
export function appendPoint(points: readonly Point[], point: Point, from: number): readonly Point[] {
  const last = points.at(-1);
  if (last !== undefined && point.at <= last.at) return points;
  const first = points.findIndex(({ at }) => at >= from);
  const kept = first <= 0 ? (first === 0 ? points : []) : points.slice(first);
  const thinned = kept.length < MAX_LIVE_POINTS ? kept : kept.filter((_, index) => index % 2 === 0);
  return [...thinned, point];
}

/** History, then the live points after its end, all within the span. */
export function mergeTrend(history: readonly Point[], live: readonly Point[], from: number): Point[] {
  const end = history.at(-1)?.at ?? -Infinity;
  return [...history, ...live.filter(({ at }) => at > end)].filter(({ at }) => at >= from);
}

export type Summary = { min: number; max: number; last: Point };

/** The text alternative of a chart; null where there is nothing. */
export function summaryOf(points: readonly Point[]): Summary | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  let [min, max] = [last.value, last.value];
  for (const { value } of points) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max, last };
}

/** Every measure that has numbers, by machine. */
export function chartable(machines: readonly Machine[]): Choice[] {
  return machines.flatMap((machine) => machine.measures.filter(({ value }) => typeof value === 'number').map(({ name }) => ({ machine: machine.code, metric: name })));
}

/** What says most about a machine at work, for a start: its load, power or speed, else the first measure. */
export function firstChoice(choices: readonly Choice[]): Choice | undefined {
  for (const telling of [/^(spindle|s\d+)_(load_pct|speed_rpm)$/, /_load_pct$/, /power_k?w$/, /_speed_rpm$/, /_(pct|rpm|kw|mm_s)$/]) {
    const found = choices.find(({ metric }) => telling.test(metric));
    if (found !== undefined) return found;
  }
  return choices[0];
}

/** `machine.metric` in an address; neither code can contain a dot. */
export function choiceKey({ machine, metric }: Choice): string {
  return `${machine}.${metric}`;
}

export function parseChoice(key: string): Choice | null {
  const [machine, metric, ...rest] = key.split('.');
  return machine && metric && rest.length === 0 ? { machine, metric } : null;
}

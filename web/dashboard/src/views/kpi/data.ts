/** What the view reads by REST: indicators with their inputs, losses, shifts, the machine whose times count, and the log. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { type Answer, reads, type Schemas } from '../../api/types';
import { instant, quantity, ratio } from '../../api/wire';
import { linePath, type LineRef } from '../../stops/api';
import { STATES } from '../../vocabulary';
import { z } from '../../zod';
import type { Range } from '../line/timeline/scale';
import type { Bucket } from './span';

const number = quantity.transform(Number);

const inputs = reads<Schemas['OeeInputs']>()(z.object({
  planned_ms: z.number(),
  planned_stop_ms: z.number(),
  planned_busy_ms: z.number(),
  running_ms: z.number(),
  overtime_ms: z.number(),
  idle_ms: z.number(),
  setup_ms: z.number(),
  down_ms: z.number(),
  maintenance_ms: z.number(),
  unknown_ms: z.number(),
  planned_run_ms: z.number(),
  good: number,
  scrap: number,
  produced: number,
  target: number.optional(),
}));
export type Inputs = z.infer<typeof inputs>;

const item = reads<Schemas['OeeItem']>()(z.object({
  line: z.string(),
  from: instant,
  to: instant,
  shift: z.string().optional(),
  oee: ratio.optional(),
  availability: ratio.optional(),
  effectiveness: ratio.optional(),
  quality: ratio.optional(),
  inputs,
}));
/** A bucket of a line: its indicators, absent where they are not known, and what they are made of. */
export type Piece = z.infer<typeof item>;

const history = reads<Answer<'/api/v1/kpi/oee', 'get'>>()(z.object({ items: z.array(item) }));

const loss = reads<Schemas['TimeLoss']>()(z.object({
  kind: z.enum(['stop', 'speed', 'scrap']),
  state: z.enum(STATES).optional(),
  reason: z.string().optional(),
  name: z.string().optional(),
  duration_ms: z.number(),
  count: z.number(),
}));
export type Loss = z.infer<typeof loss>;
const losses = reads<Answer<'/api/v1/kpi/losses', 'get'>>()(z.object({ from: instant, to: instant, planned_busy_ms: z.number(), loss_ms: z.number(), items: z.array(loss) }));
export type Losses = z.infer<typeof losses>;

/** A late message corrects the past, so all of it is read again now and then. */
const REFETCH_MS = 60_000;

/** Everything of this view about a site, to be read again after a change. */
export const kpiKey = (site: string) => ['kpi', site] as const;

const spanParams = ({ from, to }: Range) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });

/** The buckets of one line, or of every line of the site. */
export function oeeQuery(api: Api, site: string, line: string | null, range: Range, bucket: Bucket) {
  const query = new URLSearchParams({ site, ...(line === null ? {} : { line }), ...spanParams(range), bucket });
  return queryOptions({
    queryKey: [...kpiKey(site), 'oee', line, range.from, range.to, bucket],
    refetchInterval: REFETCH_MS,
    queryFn: async ({ signal }) => (await api.get(`/kpi/oee?${query.toString()}`, history, signal)).items.sort((a, b) => a.from - b.from),
  });
}

export function lossesQuery(api: Api, site: string, line: string | null, range: Range) {
  const query = new URLSearchParams({ site, ...(line === null ? {} : { line }), ...spanParams(range) });
  return queryOptions({
    queryKey: [...kpiKey(site), 'losses', line, range.from, range.to],
    refetchInterval: REFETCH_MS,
    queryFn: ({ signal }) => api.get(`/kpi/losses?${query.toString()}`, losses, signal),
  });
}

const shifts = reads<Answer<'/api/v1/sites/{site}/shifts', 'get'>>()(z.object({ items: z.array(z.object({ name: z.string(), from: instant, to: instant })) }));
const SHIFTS_AROUND_MS = 2 * 86_400_000;

/** The shifts around a moment. */
export function shiftsQuery(api: Api, site: string, around: number) {
  const query = new URLSearchParams(spanParams({ from: around - SHIFTS_AROUND_MS, to: around + SHIFTS_AROUND_MS }));
  return queryOptions({
    queryKey: [...kpiKey(site), 'shifts', around],
    queryFn: async ({ signal }) => (await api.get(`/sites/${encodeURIComponent(site)}/shifts?${query.toString()}`, shifts, signal)).items,
  });
}

const named = { code: z.string(), name: z.string() };
const lines = reads<Answer<'/api/v1/sites/{site}/lines', 'get'>>()(z.object({ items: z.array(z.object(named)), next_cursor: z.string().nullish() }));
export type LineName = z.infer<typeof lines>['items'][number];
const machines = reads<Answer<'/api/v1/sites/{site}/lines/{line}/machines', 'get'>>()(z.object({ items: z.array(z.object({ ...named, output: z.boolean() })), next_cursor: z.string().nullish() }));
export type MachineName = z.infer<typeof machines>['items'][number];
const MAX_PAGES = 20;

async function allPages<T>(read: (cursor: string) => Promise<{ items: T[]; next_cursor?: string | null | undefined }>): Promise<T[]> {
  const all: T[] = [];
  let cursor = '';
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const { items, next_cursor: next } = await read(cursor);
    all.push(...items);
    if (next === null || next === undefined) break;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  return all;
}

/** The lines of a site by name. */
export function linesQuery(api: Api, site: string) {
  return queryOptions({
    queryKey: [...kpiKey(site), 'lines'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const all = await allPages((cursor) => api.get(`/sites/${encodeURIComponent(site)}/lines?limit=200${cursor}`, lines, signal));
      return all.sort((a, b) => a.name.localeCompare(b.name));
    },
  });
}

export function machinesQuery(api: Api, at: LineRef) {
  return queryOptions({
    queryKey: [...kpiKey(at.site), 'machines', at.line],
    staleTime: 60_000,
    queryFn: ({ signal }) => allPages((cursor) => api.get(`${linePath(at)}/machines?limit=200${cursor}`, machines, signal)),
  });
}

const log = reads<Answer<'/api/v1/sites/{site}/lines/{line}/events', 'get'>>()(
  z.object({ items: z.array(z.object({ seq: z.number(), at: instant, kind: z.string(), data: z.record(z.string(), z.unknown()) })), next_cursor: z.string().nullish() }),
);
export type LogEvent = z.infer<typeof log>['items'][number];
const LOG_PAGE = 50;
/** Late messages are few among many, so as much is read at once as the hub gives. */
const SEARCH_PAGE = 200;

/** The log of a line as it was recorded in a span, page by page; without an end, what was recorded since. */
export function logQuery(api: Api, at: LineRef, { from, to }: { from: number; to: number | null }) {
  return infiniteQueryOptions({
    queryKey: [...kpiKey(at.site), 'log', at.line, from, to],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const end = to === null ? {} : { to: new Date(to).toISOString() };
      const query = new URLSearchParams({ from: new Date(from).toISOString(), ...end, limit: String(to === null ? SEARCH_PAGE : LOG_PAGE), ...(pageParam === '' ? {} : { cursor: pageParam }) });
      return api.get(`${linePath(at)}/events?${query.toString()}`, log, signal);
    },
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
  });
}

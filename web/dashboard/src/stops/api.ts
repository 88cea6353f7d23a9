/** The stops of a line by REST: the list, one with the events it is made of, what a person changes in it, and the reasons to choose from. */
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../api/client';
import { reads, type Schemas } from '../api/types';
import { instant } from '../api/wire';
import { STATES } from '../vocabulary';
import { z } from '../zod';

export type LineRef = { site: string; line: string };

const orNone = <T>(value: T | null | undefined): T | undefined => value ?? undefined;
const optionalText = z.string().nullish().transform(orNone);

const stopFields = {
  id: z.string(),
  machine: z.string(),
  state: z.enum(STATES).or(z.literal('unknown')).catch('unknown'),
  /** The reason's code; absent while nobody has classified it. */
  reason: optionalText,
  comment: optionalText,
  classified_by: optionalText,
  classified_at: instant.nullish().transform(orNone),
  from: instant,
  /** Absent while it lasts. */
  to: instant.nullish().transform(orNone),
};
export const stopSchema = reads<Schemas['Stop']>()(z.object(stopFields));
export type Stop = z.infer<typeof stopSchema>;

/** A log event of the line as the hub recorded it. */
const stopEvent = reads<Schemas['LineEvent']>()(z.object({ seq: z.number(), at: instant, kind: z.string(), data: z.record(z.string(), z.unknown()).catch({}) }));
export type StopEvent = z.infer<typeof stopEvent>;

const stopDetail = reads<Schemas['StopWithEvents']>()(z.object({ ...stopFields, events: z.array(stopEvent).default([]) }));
export type StopDetail = z.infer<typeof stopDetail>;

/** After a split the earlier part, with the later one beside it. */
const patchedStop = reads<Schemas['ChangedStop']>()(z.object({ ...stopFields, split_off: stopSchema.optional() }));
export type PatchedStop = z.infer<typeof patchedStop>;

/** Which stops are wanted; instants in epoch milliseconds. */
export type StopFilter = { from?: number; to?: number; machine?: string; reason?: string; unclassified?: boolean };

/** What a person changes: null takes a reason or a comment away; `split_at` cuts the stop in two at that instant. */
export type StopChange = { reason?: string | null; comment?: string | null; split_at?: number };

/** Who may classify, comment and split; the hub decides in the end. */
export const STOP_ROLES: readonly string[] = ['operator', 'supervisor', 'admin'];

/** The limit of a comment, in characters. */
export const MAX_COMMENT = 500;
/** The most reasons a line has, and a screen shows. */
export const MAX_REASONS = 20;

const page = reads<Schemas['StopList']>()(z.object({ items: z.array(stopSchema), next_cursor: z.string().nullish() }));
const PAGE_SIZE = 200;
/** Pages that are read at most; 2,000 stops are more than a person looks through. */
const MAX_PAGES = 10;

export function linePath({ site, line }: LineRef): string {
  return `/sites/${encodeURIComponent(site)}/lines/${encodeURIComponent(line)}`;
}

/** The key under which everything about the line's stops is cached; invalidate it after a change. */
export function stopsKey({ site, line }: LineRef) {
  return ['stops', site, line] as const;
}

/** The stops of a line that match, the newest first. `truncated`: there are more. */
export async function listStops(api: Api, at: LineRef, filter: StopFilter, signal?: AbortSignal): Promise<{ items: Stop[]; truncated: boolean }> {
  const items: Stop[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query = filterParams(filter);
    query.set('limit', String(PAGE_SIZE));
    if (cursor !== undefined) query.set('cursor', cursor);
    const { items: found, next_cursor } = await api.get(`${linePath(at)}/stops?${query.toString()}`, page, signal);
    items.push(...found);
    cursor = next_cursor ?? undefined;
    if (cursor === undefined) return { items, truncated: false };
  }
  return { items, truncated: true };
}

/** `listStops` as a query. */
export function stopsQuery(api: Api, at: LineRef, filter: StopFilter) {
  return queryOptions({ queryKey: [...stopsKey(at), 'list', filter], queryFn: ({ signal }) => listStops(api, at, filter, signal) });
}

/** One stop with the log events it is made of. */
export function stopQuery(api: Api, at: LineRef, id: string) {
  return queryOptions({
    queryKey: [...stopsKey(at), 'one', id],
    queryFn: ({ signal }) => api.get(`${linePath(at)}/stops/${encodeURIComponent(id)}`, stopDetail, signal),
  });
}

/** Classifies, comments or splits a stop. Take one `newKey()` for what the person did and keep it while it is sent again. */
export function patchStop(api: Api, at: LineRef, id: string, change: StopChange, key: string): Promise<PatchedStop> {
  return api.patch(`${linePath(at)}/stops/${encodeURIComponent(id)}`, changeBody(change), patchedStop, key);
}

/** The body of a change as the hub reads it. */
export function changeBody({ split_at: splitAt, ...rest }: StopChange): Record<string, unknown> {
  return splitAt === undefined ? rest : { ...rest, split_at: new Date(splitAt).toISOString() };
}

function filterParams({ from, to, machine, reason, unclassified }: StopFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (from !== undefined) query.set('from', new Date(from).toISOString());
  if (to !== undefined) query.set('to', new Date(to).toISOString());
  if (machine !== undefined) query.set('machine', machine);
  if (reason !== undefined) query.set('reason', reason);
  if (unclassified === true) query.set('unclassified', 'true');
  return query;
}

export type Reason = { code: string; name: string };

const lineObject = reads<Schemas['Line']>()(z.object({
  code: z.string(),
  name: z.string(),
  reasons: z.array(z.object({ code: z.string(), name: z.string() })).default([]),
  oee_target: z.number().optional(),
}));
export type LineObject = z.infer<typeof lineObject>;

/** The line as it is set up, with the reasons of its stops in their order. */
export function lineQuery(api: Api, at: LineRef) {
  return queryOptions({ queryKey: ['lines', at.site, at.line], staleTime: 60_000, queryFn: ({ signal }) => api.get(linePath(at), lineObject, signal) });
}

/** What a person reads for a code; the code itself where the line does not (or no longer) know it. */
export function reasonName(reasons: readonly Reason[], code: string): string {
  return reasons.find((reason) => reason.code === code)?.name ?? code;
}

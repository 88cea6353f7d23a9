/** The stops of a line: those of the live topic and older ones by REST, as one list. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { instant } from '../../api/wire';
import { STATES } from '../../vocabulary';
import { z } from '../../zod';
import type { Stop } from './data';

/** A stop as it is shown. `open`: it lasts; neither open nor with an end: it has ended, nobody here knows when. */
export type ShownStop = Stop & { open: boolean };

const orNone = <T>(value: T | null | undefined): T | undefined => value ?? undefined;
const page = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      machine: z.string(),
      state: z.enum(STATES).or(z.literal('unknown')).catch('unknown'),
      reason: z.string().nullish().transform(orNone),
      from: instant,
      to: instant.nullish().transform(orNone),
    }),
  ),
  next_cursor: z.string().nullish(),
});

const PAGE_SIZE = 50;
/** Pages that are kept: enough for a shift, and an end to what a page holds. */
const MAX_PAGES = 20;

/** The stops of a line, the newest first, page by page. */
export function stopsQuery(api: Api, site: string, line: string) {
  const path = `/sites/${encodeURIComponent(site)}/lines/${encodeURIComponent(line)}/stops?limit=${PAGE_SIZE}`;
  return infiniteQueryOptions({
    queryKey: ['stops', site, line],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.get(pageParam === '' ? path : `${path}&cursor=${encodeURIComponent(pageParam)}`, page, signal),
    getNextPageParam: ({ next_cursor: cursor }, pages) => (pages.length < MAX_PAGES ? cursor : undefined),
  });
}

/** One list without doubles: what is live is newer than what was fetched. Open stops first, then the newest. */
export function mergeStops(live: readonly Stop[], fetched: readonly Stop[]): ShownStop[] {
  const byId = new Map<string, ShownStop>();
  // Every open stop is in the topic, so a fetched one that is not there has ended since.
  for (const stop of fetched) byId.set(stop.id, { ...stop, open: false });
  for (const stop of live) byId.set(stop.id, { ...stop, open: stop.to === undefined });
  return [...byId.values()].sort((a, b) => Number(b.open) - Number(a.open) || (a.open ? unclassifiedFirst(a, b) : 0) || b.from - a.from || (a.id < b.id ? -1 : 1));
}

function unclassifiedFirst(a: Stop, b: Stop): number {
  return Number(a.reason !== undefined) - Number(b.reason !== undefined);
}

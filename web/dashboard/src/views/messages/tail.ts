/** The live tail: what the topic says of messages, kept for longer than the topic keeps it, and what of it is looked for. */
import { reads, type Schemas } from '../../api/types';
import { collectionReader, instant } from '../../api/wire';
import type { JsonObject } from '../../live/merge';
import { z } from '../../zod';

export const STATUSES = ['accepted', 'duplicate', 'refused'] as const;
export type Status = (typeof STATUSES)[number];

const entryData = reads<Schemas['LiveMessage']>()(z.object({
  at: instant.optional().catch(undefined),
  topic: z.string().catch(''),
  line: z.string().optional().catch(undefined),
  machine: z.string().optional().catch(undefined),
  channel: z.string().optional().catch(undefined),
  sender: z.string().catch(''),
  // What a newer hub calls otherwise is looked at rather than overlooked.
  status: z.enum(STATUSES).catch('refused'),
  id: z.string().optional().catch(undefined),
  index: z.number().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  payload: z.string().catch(''),
  truncated: z.boolean().default(false).catch(false),
  /** How many messages before this one the hub left out, because there were too many to show. */
  skipped: z.number().default(0).catch(0),
}));

/** `lost`: between this entry and the one before it the connection was gone for longer than the hub keeps entries. */
export type Entry = z.infer<typeof entryData> & { key: string; lost?: boolean };

const readCollection = collectionReader<Entry>((key, data) => ({ ...entryData.parse(data), key }));

/** How many the hub has left out since the newest entry. */
export function skippedAfter(data: JsonObject): number {
  const skipped = data['skipped'];
  return typeof skipped === 'number' ? skipped : 0;
}

/** The member `messages` of the topic's data, the newest first. */
export function readEntries(data: JsonObject): Entry[] {
  return readCollection(data['messages']).sort(newestFirst);
}

function newestFirst(a: Entry, b: Entry): number {
  return a.key < b.key ? 1 : -1;
}

/** So many refused ones are kept, and so many of the others: a flood of good ones does not wash the bad ones away. */
export const KEPT_OF_A_KIND = 500;

/** What has been seen, the newest first, with what has come since; the same list if nothing has. */
export function collect(seen: readonly Entry[], current: readonly Entry[]): readonly Entry[] {
  const known = new Set(seen.map(({ key }) => key));
  const fresh = current.filter(({ key }) => !known.has(key));
  const oldest = fresh.at(-1);
  if (oldest === undefined) return seen;
  const newestSeen = seen[0];
  // The hub numbers what it shows without gaps, so a gap is what nobody here has heard.
  const lost = newestSeen !== undefined && Number(oldest.key) > Number(newestSeen.key) + 1;
  const added = lost ? [...fresh.slice(0, -1), { ...oldest, lost }] : fresh;
  return limit([...added, ...seen].sort(newestFirst));
}

function limit(entries: readonly Entry[]): Entry[] {
  const room = { refused: KEPT_OF_A_KIND, others: KEPT_OF_A_KIND };
  return entries.filter(({ status }) => {
    const kind = status === 'refused' ? 'refused' : 'others';
    room[kind] -= 1;
    return room[kind] >= 0;
  });
}

/** What is looked for; empty is everything. */
export type Filter = { line: string; machine: string; status: Status | 'all'; text: string };

/** The filter as the address says it, so that it can be shared. */
export function readFilter(params: URLSearchParams): Filter {
  return {
    line: params.get('line') ?? '',
    machine: params.get('machine') ?? '',
    status: STATUSES.find((status) => status === params.get('status')) ?? 'all',
    text: params.get('q') ?? '',
  };
}

/** The address with the filter; what else it says stays. */
export function writeFilter(params: URLSearchParams, { line, machine, status, text }: Filter): URLSearchParams {
  const next = new URLSearchParams(params);
  const values = { line, machine, status: status === 'all' ? '' : status, q: text };
  for (const [name, value] of Object.entries(values)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export function isFiltering({ line, machine, status, text }: Filter): boolean {
  return line !== '' || machine !== '' || status !== 'all' || text !== '';
}

type Findable = { line?: string | undefined; machine?: string | undefined; texts: readonly (string | undefined)[] };

/** Whether the place and the text are what is looked for; every word must be somewhere. */
export function isFound({ line, machine, texts }: Findable, filter: Filter): boolean {
  if (filter.line !== '' && line !== filter.line) return false;
  if (filter.machine !== '' && machine !== filter.machine) return false;
  const words = filter.text.toLocaleLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  const all = texts.join('\n').toLocaleLowerCase();
  return words.every((word) => all.includes(word));
}

export function matches(entry: Entry, filter: Filter): boolean {
  const { line, machine, status, topic, sender, id, code, detail, payload } = entry;
  return (filter.status === 'all' || status === filter.status) && isFound({ line, machine, texts: [topic, sender, id, code, detail, payload] }, filter);
}

/** A message, or how many are missing in that place. */
export type Row = { kind: 'message'; key: string; entry: Entry } | { kind: 'gap'; key: string; skipped: number; lost: boolean };

/**
 * What is shown, the newest first. `after`: how many the hub left out since the newest entry. What is missing around
 * messages that are not looked for is said all the same: it might have been among them.
 */
export function rowsOf(entries: readonly Entry[], filter: Filter, after: number): Row[] {
  const rows: Row[] = [];
  let [skipped, lost] = [after, false];
  const gap = (key: string) => { if (skipped > 0 || lost) rows.push({ kind: 'gap', key: `gap-${key}`, skipped, lost }); };
  for (const entry of entries) {
    if (matches(entry, filter)) {
      gap(entry.key);
      rows.push({ kind: 'message', key: entry.key, entry });
      [skipped, lost] = [0, false];
    }
    skipped += entry.skipped;
    lost ||= entry.lost === true;
  }
  gap('last');
  return rows;
}

/** JSON on lines of its own where it is whole; anything else as it came. */
export function pretty(payload: string): string {
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

/** The stops of a period: those of the live topic, those by REST, and what the user is just changing, as one list. */
import type { Stop, StopChange } from '../../stops/api';
import type { Stop as LiveStop } from './data';
import { lossKey } from './pareto';
import type { Range } from './timeline/scale';

/** A stop as it is shown. `open`: it lasts; neither open nor with an end: it has ended, nobody here knows when. */
export type ShownStop = Pick<Stop, 'id' | 'machine' | 'state' | 'from'> & Partial<Pick<Stop, 'reason' | 'comment' | 'classified_by' | 'classified_at' | 'to'>> & { open: boolean };

/** What the user changes in a stop, shown before the hub has said yes; `failed` says why it did not. */
export type Draft = { change: StopChange; key: string; phase: 'sending' | 'sent' | 'failed'; failure?: string };
export type Drafts = ReadonlyMap<string, Draft>;

/** One list without doubles: what is live is newer than what was fetched, and what the user does is newer still. */
export function mergeStops(live: readonly LiveStop[], fetched: readonly Stop[], period: Range, drafts: Drafts = new Map()): ShownStop[] {
  const byId = new Map<string, ShownStop>();
  // Every open stop is in the topic, so a fetched one that is not there has ended since.
  for (const stop of fetched) byId.set(stop.id, { ...stop, open: false });
  for (const stop of live) {
    const read = byId.get(stop.id);
    const who = read !== undefined && read.reason === stop.reason ? { classified_by: read.classified_by, classified_at: read.classified_at } : {};
    byId.set(stop.id, { ...who, ...stop, open: stop.to === undefined });
  }
  return [...byId.values()]
    // A stop that a late message took back ends where it began.
    .filter(({ from, to }) => from < period.to && (to ?? Infinity) > Math.max(from, period.from))
    .map((stop) => drafted(stop, drafts.get(stop.id)))
    .sort((a, b) => rank(a) - rank(b) || b.from - a.from || (a.id < b.id ? -1 : 1));
}

/** What nobody has explained comes first, what lasts before what is over. */
function rank({ reason, open }: ShownStop): number {
  return (reason === undefined ? 0 : 2) + (open ? 0 : 1);
}

function drafted(stop: ShownStop, draft: Draft | undefined): ShownStop {
  if (draft === undefined || draft.phase === 'failed') return stop;
  const { reason, comment } = draft.change;
  return { ...stop, ...(reason === undefined ? {} : { reason: reason ?? undefined }), ...(comment === undefined ? {} : { comment: comment ?? undefined }) };
}

/** Drafts that still have something to show: a sent one goes when a copy of the hub's has what it changed. */
export function pending(drafts: Drafts, known: readonly { id: string; reason?: string | undefined; comment?: string | undefined }[]): Drafts {
  const over = [...drafts].filter(([id, { phase, change }]) => {
    if (phase !== 'sent') return false;
    const stop = known.find((other) => other.id === id);
    return stop === undefined || ((change.reason === undefined || (change.reason ?? undefined) === stop.reason) && (change.comment === undefined || (change.comment ?? undefined) === stop.comment));
  });
  if (over.length === 0) return drafts;
  return new Map([...drafts].filter(([id]) => !over.some(([gone]) => gone === id)));
}

/** `list` with the stop that somebody works on where it was when it was opened, whatever has been said about it since. */
export function holding(list: readonly ShownStop[], all: readonly ShownStop[], held: { id: string; index: number } | null): readonly ShownStop[] {
  const stop = held === null ? undefined : all.find(({ id }) => id === held.id);
  if (held === null || stop === undefined) return list;
  const others = list.filter(({ id }) => id !== held.id);
  return [...others.slice(0, held.index), stop, ...others.slice(held.index)];
}

/** The stops behind a bar of the Pareto. */
export function behind(stops: readonly ShownStop[], key: string | null): readonly ShownStop[] {
  return key === null ? stops : stops.filter((stop) => lossKey(stop) === key);
}

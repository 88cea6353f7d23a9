/** The stops that an operator explains: those that last, then those that ended without a reason; with what was entered since. */
import type { Entry } from '../../outbox/entry';
import type { LineStatus } from '../../vocabulary';
import type { Stop } from '../line/data';

export type ToExplain = Stop & {
  open: boolean;
  /** Whether reason or comment are so only by what was entered here. */
  waits: boolean;
};

/** A person's choice among more is work for the line view. */
const MOST = 5;

/**
 * `entered`: what was entered about stops and has not shown yet, in its order. `keep`: the stop that the operator looks at,
 * which stays when it has got its reason.
 */
export function stopsToExplain(stops: readonly Stop[], entered: readonly { entry: Entry; waits: boolean }[], keep: string | null): ToExplain[] {
  const explained = stops.map((stop) => withEntered(stop, entered));
  const wanted = explained.filter((stop) => stop.open || stop.reason === undefined || stop.waits || stop.id === keep);
  wanted.sort((a, b) => Number(b.open) - Number(a.open) || (a.open ? Number(a.reason !== undefined) - Number(b.reason !== undefined) : 0) || b.from - a.from);
  const shown = wanted.slice(0, MOST);
  const kept = wanted.find(({ id }) => id === keep);
  return kept === undefined || shown.includes(kept) ? shown : [...shown.slice(0, MOST - 1), kept];
}

function withEntered(stop: Stop, entered: readonly { entry: Entry; waits: boolean }[]): ToExplain {
  const result: ToExplain = { ...stop, open: stop.to === undefined, waits: false };
  for (const { entry: { action }, waits } of entered) {
    if (action.kind !== 'reason' && action.kind !== 'comment') continue;
    if (action.stop !== stop.id) continue;
    if (action.kind === 'reason') result.reason = action.reason ?? undefined;
    else result.comment = action.comment ?? undefined;
    result.waits ||= waits;
  }
  return result;
}

/** Why the line is in its state: of the stops that last in it, the one that needs an explanation most; undefined where none lasts. */
export function reasonNow(stops: readonly ToExplain[], status: LineStatus): ToExplain | undefined {
  return firstToExplain(stops.filter(({ open, state }) => open && state === status));
}

/** What needs an explanation most: lasting before ended, without a reason before with one; the newest. */
export function firstToExplain(stops: readonly ToExplain[]): ToExplain | undefined {
  return stops.find(({ reason }) => reason === undefined) ?? stops[0];
}

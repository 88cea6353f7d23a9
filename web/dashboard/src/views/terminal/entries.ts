/** The entries of the signed-in user as the terminal shows them: what waits and why, what was taken, and what changes the picture. */
import { type Entry, type Instant, isDiscardable, isOwner, type Owner, standingOf } from '../../outbox/entry';
import type { Applied, OutboxState } from '../../outbox/machine';
import type { LineRef } from '../../stops/api';

export type Entered = { entry: Entry; waits: boolean };

export type Entries = {
  waiting: readonly Entry[];
  refused: readonly Entry[];
  aged: readonly Entry[];
  /** Of other users of this device. */
  foreign: number;
  /** What was taken last, newest first. */
  recent: readonly Applied[];
  /** What was entered about this line and may not show yet in what the hub tells, in its order. */
  entered: readonly Entered[];
};

/** The hub's own news of an entry that it took come a moment later than its answer. */
const ECHO_MS = 5_000;

export function entriesOf({ entries, recent }: OutboxState, owner: Owner, place: LineRef, now: Instant): Entries {
  const mine = entries.filter((entry) => isOwner(entry.owner, owner));
  const by = (standing: ReturnType<typeof standingOf>) => mine.filter((entry) => standingOf(entry, now) === standing);
  const waiting = by('waiting');
  const isHere = (entry: Entry) => entry.site === place.site && entry.line === place.line;
  const echoes = recent.filter(({ entry, at }) => isHere(entry) && now - at < ECHO_MS).map(({ entry }) => ({ entry, waits: false }));
  return {
    waiting,
    refused: by('refused'),
    aged: by('aged'),
    foreign: entries.length - mine.length,
    recent,
    entered: [...echoes.reverse(), ...waiting.filter(isHere).map((entry) => ({ entry, waits: true }))],
  };
}

/** How something can be taken back: by never sending it, or by saying what held before. */
export type Undo = { kind: 'discard'; entry: Entry } | { kind: 'reason'; entry: Entry; before: string | null };

/** A reason that was taken can be taken back for this long; after that it is a new decision. */
const UNDO_MS = 60_000;

/** The newest thing that was entered, if it is not settled for good. */
export function undoOf({ waiting, recent }: Entries, now: Instant): Undo | null {
  const last = waiting.at(-1);
  if (last !== undefined) return isDiscardable(last, now) ? { kind: 'discard', entry: last } : null;
  const [newest] = recent;
  if (newest?.entry.action.kind !== 'reason' || now - newest.at > UNDO_MS) return null;
  return { kind: 'reason', entry: newest.entry, before: newest.entry.action.before };
}

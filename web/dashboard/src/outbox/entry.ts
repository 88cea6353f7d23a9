/** What an operator enters at a terminal, as it is kept on the device, and what may become of it. */

/** Server time, epoch milliseconds, as far as this device knows it. */
export type Instant = number;

/** Whose entries these are: they are sent in this name and in no other. */
export type Owner = { user: string; tenant: string };

export type OrderStep = 'start' | 'pause' | 'resume' | 'complete';

/** Names are kept as the operator saw them. */
export type Action =
  | { kind: 'order'; order: string; step: OrderStep }
  | { kind: 'reason'; stop: string; machine: string; machineName: string; reason: string | null; reasonName: string | null; /** What held before, for taking it back. */ before: string | null; beforeName: string | null }
  | { kind: 'comment'; stop: string; machine: string; machineName: string; comment: string | null }
  | { kind: 'scrap'; machine: string; machineName: string; quantity: number };

export type Refusal = { status: number; code: string; detail: string };

export type Entry = {
  /** Made at the moment of entry; the hub applies it once under this name. */
  id: string;
  owner: Owner;
  site: string;
  line: string;
  action: Action;
  at: Instant;
  /** Whether there was no connection when it was entered. */
  offline: boolean;
  /** When it was first handed to the network; from then on nobody knows whether it was applied until the hub answers. */
  triedAt: Instant | null;
  refusal: Refusal | null;
};

/** More than an operator enters in a shift; a bound so that the device cannot fill up. */
export const MAX_ENTRIES = 500;

/**
 * The hub remembers keys for 24 hours; less an hour for clocks that disagree. What is older is not sent blindly: it may be
 * applied already, and may no longer be true.
 */
export const FRESH_MS = 23 * 3_600_000;

export function isOwner(a: Owner, b: Owner): boolean {
  return a.user === b.user && a.tenant === b.tenant;
}

export type Standing = 'waiting' | 'refused' | 'aged';

/**
 * A scrap message carries its own time, so it does not age before it was tried. A clock that was set back ages as well:
 * nobody knows how old the entry is then.
 */
export function standingOf({ action, at, triedAt, refusal }: Entry, now: Instant): Standing {
  if (refusal !== null) return 'refused';
  const from = action.kind === 'scrap' ? triedAt : at;
  return from === null || Math.abs(now - from) <= FRESH_MS ? 'waiting' : 'aged';
}

/** The next entry to send for this user: the oldest that waits. Refused and aged ones wait for a person and hold nobody up. */
export function headOf(entries: readonly Entry[], owner: Owner, now: Instant): Entry | undefined {
  return entries.find((entry) => isOwner(entry.owner, owner) && standingOf(entry, now) === 'waiting');
}

/** Whether it can be thrown away: not while it may be on its way. */
export function isDiscardable(entry: Entry, now: Instant): boolean {
  return entry.triedAt === null || standingOf(entry, now) !== 'waiting';
}

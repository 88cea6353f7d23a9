/** What is kept on the device: the entries of all users in their order, changed one step at a time. */
import { type Entry, type Instant, isDiscardable, MAX_ENTRIES, type Refusal } from './entry';

/** Each is one atomic, durable step. One that no longer fits, because another tab was faster, changes nothing. */
export type Change =
  | { type: 'add'; entry: Entry }
  | { type: 'tried'; id: string; at: Instant }
  | { type: 'applied'; id: string }
  | { type: 'refused'; id: string; refusal: Refusal }
  | { type: 'discard'; id: string; now: Instant }
  /** Puts it to the end, as if entered now; under the same id, unless what it says has changed. */
  | { type: 'renew'; id: string; now: Instant; entry: Entry };

export type EntryStore = {
  read: () => Promise<readonly Entry[]>;
  /** Resolves to what is kept afterwards, once it would survive a power cut. */
  change: (change: Change) => Promise<readonly Entry[]>;
};

export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

/** The rules of the store, the same for every way of keeping it. */
export function changed(entries: readonly Entry[], change: Change): readonly Entry[] {
  const is = (id: string) => (entry: Entry) => entry.id === id;
  const isNot = (id: string) => (entry: Entry) => entry.id !== id;
  switch (change.type) {
    case 'add':
      if (entries.some(is(change.entry.id))) return entries;
      if (entries.length >= MAX_ENTRIES) throw new OutboxFull(`at most ${MAX_ENTRIES} entries are kept on the device`);
      return [...entries, change.entry];
    case 'tried':
      return entries.map((entry) => (entry.id === change.id ? { ...entry, triedAt: entry.triedAt ?? change.at } : entry));
    case 'applied':
      return entries.filter(isNot(change.id));
    case 'refused':
      return entries.map((entry) => (entry.id === change.id ? { ...entry, refusal: change.refusal } : entry));
    case 'discard':
      return entries.filter((entry) => entry.id !== change.id || !isDiscardable(entry, change.now));
    case 'renew': {
      const before = entries.find(is(change.id));
      if (before === undefined || !isDiscardable(before, change.now)) return entries;
      return [...entries.filter(isNot(change.id)), change.entry];
    }
  }
}

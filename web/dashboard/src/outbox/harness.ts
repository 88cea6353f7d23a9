/** What the tests of the outbox share: one device with tabs that can be closed at any moment, and a hub that can fail in every way. */
import type { Entry, Owner } from './entry';
import { initialOutbox, type Effect, nextWake, type Outcome, type OutboxEvent, type OutboxState, step } from './machine';
import { changed, type Change } from './store';

export const ANNA: Owner = { user: 'anna', tenant: 'acme' };
export const BEN: Owner = { user: 'ben', tenant: 'acme' };

export function entryOf(id: string, more: Partial<Entry> = {}): Entry {
  return {
    id,
    owner: ANNA,
    site: 'lyon',
    line: 'saw',
    action: { kind: 'order', order: `order-${id}`, step: 'start' },
    at: 0,
    offline: false,
    triedAt: null,
    refusal: null,
    ...more,
  };
}

/** How the hub treats one request. `lost`: applied, but the answer never comes. `late`: it arrives when nobody waits any more. */
export type Fate = 'ok' | 'unreachable' | 'lost' | 'late' | 'overloaded' | 'refused';

/** Applies each id once, whoever sends it how often, for as long as it remembers the id. */
export class FakeHub {
  readonly applied: string[] = [];
  #remembered = new Set<string>();
  readonly refused = new Set<string>();
  readonly sentAs: [owner: string, user: string][] = [];
  /** Requests still under way when their sender had given up. */
  readonly stray: string[] = [];

  take(entry: Entry, user: string, fate: Fate): Outcome {
    this.sentAs.push([entry.owner.user, user]);
    switch (fate) {
      case 'unreachable':
        return { kind: 'retry', afterMs: null };
      case 'late':
        this.stray.push(entry.id);
        return { kind: 'retry', afterMs: null };
      case 'overloaded':
        return { kind: 'retry', afterMs: 3_000 };
      case 'lost':
        this.#apply(entry.id);
        return { kind: 'retry', afterMs: null };
      case 'refused':
        // What was applied before is answered as such.
        if (this.#remembered.has(entry.id)) return { kind: 'applied' };
        this.refused.add(entry.id);
        return { kind: 'refused', refusal: { status: 409, code: 'illegal_transition', detail: 'no' } };
      case 'ok':
        return this.#apply(entry.id);
    }
  }

  arrive(): void {
    const id = this.stray.shift();
    if (id !== undefined) this.#apply(id);
  }

  /** A day has passed. */
  forget(): void {
    this.#remembered = new Set();
    this.stray.length = 0;
  }

  #apply(id: string): Outcome {
    if (this.refused.has(id)) return { kind: 'refused', refusal: { status: 409, code: 'illegal_transition', detail: 'no' } };
    if (!this.#remembered.has(id)) this.applied.push(id);
    this.#remembered.add(id);
    return { kind: 'applied' };
  }
}

/** A tab: the machine, and what it has asked for and not yet got. */
export class Tab {
  state: OutboxState = initialOutbox;
  alive = true;
  readonly pending: Effect[] = [];
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
    this.do({ type: 'kept', entries: device.entries });
    if (device.user !== null) this.do({ type: 'signed_in', owner: device.user });
  }

  do(event: OutboxEvent): void {
    const { state, effects } = step(this.state, event, { now: this.#device.now, serverNow: this.#device.now, random: 0.5 });
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'unlock') this.#device.unlock(this);
      else this.pending.push(effect);
    }
  }

  /** Carries out the oldest thing that it asked for; nothing happens while the lock is another tab's. */
  advance(fate: Fate): void {
    const [effect] = this.pending;
    if (effect === undefined || (effect.type === 'lock' && !this.#device.lock(this))) return;
    this.pending.shift();
    switch (effect.type) {
      case 'lock':
        this.do({ type: 'locked' });
        return;
      case 'unlock':
        return;
      case 'read':
        this.do(fate === 'lost' ? { type: 'store_failed' } : { type: 'stored', entries: this.#device.entries });
        return;
      case 'change':
        // A change may fail, or succeed without the tab hearing of it.
        if (fate !== 'unreachable') this.#device.change(effect.change);
        this.do(fate === 'unreachable' || fate === 'lost' ? { type: 'store_failed' } : { type: 'stored', entries: this.#device.entries });
        return;
      case 'send': {
        const { user } = this.#device;
        const outcome: Outcome = user?.user !== effect.entry.owner.user ? { kind: 'not_signed_in' } : this.#device.hub.take(effect.entry, user.user, fate);
        this.do({ type: 'answered', outcome });
        return;
      }
    }
  }

  tick(): void {
    this.do({ type: 'tick' });
  }
}

export class Device {
  readonly hub = new FakeHub();
  entries: readonly Entry[] = [];
  user: Owner | null = ANNA;
  now = 1_000_000;
  tabs: Tab[] = [];
  #holder: Tab | null = null;

  open(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }

  /** At any moment, as a crash would: what it was doing is gone, its lock is free. */
  close(tab: Tab): void {
    tab.alive = false;
    this.tabs = this.tabs.filter((other) => other !== tab);
    const [effect] = tab.pending;
    // A request that has left goes its way without it.
    if (effect?.type === 'send' && this.user?.user === effect.entry.owner.user) this.hub.stray.push(effect.entry.id);
    this.unlock(tab);
  }

  change(change: Change): void {
    this.entries = changed(this.entries, change);
  }

  /** Entered or changed by the person in front of it; the tabs hear of it. */
  byHand(change: Change): void {
    this.change(change);
    for (const tab of this.tabs) tab.do({ type: 'kept', entries: this.entries });
  }

  signIn(user: Owner | null): void {
    this.user = user;
    for (const tab of this.tabs) tab.do(user === null ? { type: 'signed_out' } : { type: 'signed_in', owner: user });
  }

  lock(tab: Tab): boolean {
    this.#holder ??= tab;
    return this.#holder === tab;
  }

  unlock(tab: Tab): void {
    if (this.#holder === tab) this.#holder = null;
  }

  /** Everything works and time passes until nothing moves any more. */
  settle(): void {
    if (this.tabs.length === 0) this.open();
    for (let rounds = 0; rounds < 2_000; rounds += 1) {
      const busy = this.tabs.filter(({ pending }) => pending.length > 0);
      for (const tab of busy) tab.advance('ok');
      if (busy.length > 0) continue;
      const wakes = this.tabs.flatMap(({ state }) => nextWake(state) ?? []);
      if (wakes.length === 0) return;
      this.now = Math.max(this.now, Math.min(...wakes));
      for (const tab of this.tabs) tab.tick();
    }
    throw new Error('it does not come to rest');
  }
}

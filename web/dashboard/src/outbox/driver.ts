/** The thin driver of the outbox: it owns the store, the lock, the one timer and the clock, and carries out the machine's effects. */
import type { Exclusive } from '../auth/lock';
import type { Entry, Instant, Owner } from './entry';
import { type Applied, type Effect, initialOutbox, nextWake, type Outcome, type OutboxEvent, type OutboxState, step } from './machine';
import type { Change, EntryStore } from './store';

export type OutboxOptions = {
  store: EntryStore;
  exclusive: Exclusive;
  send: (entry: Entry) => Promise<Outcome>;
  /** Tells the other tabs, and calls back when one of them tells. */
  channel: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
  serverNow: () => Instant;
  publish: (state: OutboxState) => void;
  /** The hub took an entry: what was read of it before is out of date. */
  onApplied: (entry: Entry) => void;
};

/** What a tab tells the others: something has changed, and what the hub took, if it did. */
type Told = { applied?: Applied | undefined };

export class OutboxDriver {
  readonly #options: OutboxOptions;
  #state: OutboxState = initialOutbox;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #release: (() => void) | null = null;
  /** Work on the store is done one after the other, so that the machine sees what is kept in its order. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: OutboxOptions) {
    this.#options = options;
    options.channel.addEventListener('message', ({ data }: MessageEvent<Told>) => { this.#reread(data.applied); });
    this.#reread();
  }

  signIn(owner: Owner): void {
    this.#dispatch({ type: 'signed_in', owner });
  }

  signOut(): void {
    this.#dispatch({ type: 'signed_out' });
  }

  /** There is reason to believe that the hub can be reached now. */
  hurry(): void {
    this.#dispatch({ type: 'hurry' });
  }

  /** A change by the person at the terminal; resolves once it is safe on the device, rejects if it cannot be kept. */
  async byHand(change: Change): Promise<void> {
    const entries = await this.#inTurn(() => this.#options.store.change(change));
    this.#dispatch({ type: 'kept', entries });
    this.#dispatch({ type: 'hurry' });
    this.#tell({});
  }

  #dispatch(event: OutboxEvent): void {
    const before = this.#state;
    const { state, effects } = step(before, event, { now: Date.now(), serverNow: this.#options.serverNow(), random: Math.random() });
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#setTimer();
    if (state !== before) this.#options.publish(state);
    const [newest] = state.recent;
    if (newest !== undefined && newest !== before.recent[0] && event.type !== 'signed_out') this.#applied(newest, event.type === 'stored');
  }

  #applied(applied: Applied, here: boolean): void {
    this.#options.onApplied(applied.entry);
    if (here) this.#tell({ applied });
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'lock':
        this.#lock();
        return;
      case 'unlock':
        this.#release?.();
        this.#release = null;
        return;
      case 'read':
        void this.#store(() => this.#options.store.read());
        return;
      case 'change':
        void this.#store(() => this.#options.store.change(effect.change)).then(() => { this.#tell({}); });
        return;
      case 'send':
        void this.#options.send(effect.entry).then((outcome) => { this.#dispatch({ type: 'answered', outcome }); });
        return;
    }
  }

  #lock(): void {
    const work = () => new Promise<void>((resolve) => {
      this.#release = resolve;
      this.#dispatch({ type: 'locked' });
    });
    void this.#options.exclusive(work);
  }

  async #store(work: () => Promise<readonly Entry[]>): Promise<void> {
    try {
      const entries = await this.#inTurn(work);
      this.#dispatch({ type: 'stored', entries });
    } catch (cause) {
      console.error('the entries on this device could not be read or changed', cause);
      this.#dispatch({ type: 'store_failed' });
    }
  }

  #reread(applied?: Applied): void {
    this.#inTurn(() => this.#options.store.read()).then(
      (entries) => { this.#dispatch({ type: 'kept', entries, applied }); },
      (cause: unknown) => { console.error('the entries on this device could not be read', cause); },
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  #tell(told: Told): void {
    this.#options.channel.postMessage(told);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const wake = nextWake(this.#state);
    if (wake === null) return;
    this.#timer = setTimeout(() => { this.#dispatch({ type: 'tick' }); }, Math.max(0, wake - Date.now()));
  }
}

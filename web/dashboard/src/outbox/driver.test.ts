/** The driver with real promises: two tabs over one store and one lock send each entry once. */
import { describe, expect, it, vi } from 'vitest';
import type { Exclusive } from '../auth/lock';
import { OutboxDriver } from './driver';
import type { Entry } from './entry';
import { ANNA, entryOf } from './harness';
import { initialOutbox, type Outcome } from './machine';
import { type Change, changed, type EntryStore } from './store';

class MemoryStore implements EntryStore {
  entries: readonly Entry[] = [];
  read = () => Promise.resolve(this.entries);
  change = async (change: Change) => {
    await Promise.resolve();
    this.entries = changed(this.entries, change);
    return this.entries;
  };
}

/** One holder at a time, the others in a queue. */
function lock(): Exclusive {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

class Bus {
  readonly #listeners: ((event: MessageEvent) => void)[] = [];
  port() {
    const mine: ((event: MessageEvent) => void)[] = [];
    return {
      postMessage: (data: unknown) => { for (const listener of this.#listeners) if (!mine.includes(listener)) listener({ data } as MessageEvent); },
      addEventListener: (_: string, listener: (event: MessageEvent) => void) => {
        mine.push(listener);
        this.#listeners.push(listener);
      },
    } as unknown as BroadcastChannel;
  }
}

function tabs(count: number, send: (entry: Entry) => Promise<Outcome>) {
  const store = new MemoryStore();
  const exclusive = lock();
  const bus = new Bus();
  const onApplied = vi.fn();
  return {
    store,
    onApplied,
    all: Array.from({ length: count }, () => {
      const tab = { state: initialOutbox };
      const driver = new OutboxDriver({ store, exclusive, send, channel: bus.port(), serverNow: () => 0, publish: (state) => { tab.state = state; }, onApplied });
      driver.signIn(ANNA);
      return { driver, state: () => tab.state };
    }),
  };
}

describe('the driver', () => {
  it('sends in order, once, whichever tab it is, and both tell the operator', async () => {
    const sent: string[] = [];
    const { all, store, onApplied } = tabs(2, async ({ id }) => {
      sent.push(id);
      await Promise.resolve();
      return { kind: 'applied' };
    });
    const [one, two] = all as [(typeof all)[0], (typeof all)[0]];
    await one.driver.byHand({ type: 'add', entry: entryOf('a') });
    await two.driver.byHand({ type: 'add', entry: entryOf('b') });
    await vi.waitFor(() => {
      expect(store.entries).toEqual([]);
      for (const tab of all) expect(tab.state().recent.map(({ entry }) => entry.id)).toEqual(['b', 'a']);
    });
    expect(sent).toEqual(['a', 'b']);
    expect(onApplied).toHaveBeenCalledTimes(4);
  });

  it('keeps what cannot be sent, and says so when it cannot even be kept', async () => {
    const { all: [tab], store } = tabs(1, () => Promise.resolve({ kind: 'retry', afterMs: 60_000 }));
    await tab?.driver.byHand({ type: 'add', entry: entryOf('a') });
    await vi.waitFor(() => { expect(tab?.state().run.name).toBe('waiting'); });
    expect(store.entries).toHaveLength(1);
    store.change = () => Promise.reject(new Error('the disk is full'));
    await expect(tab?.driver.byHand({ type: 'add', entry: entryOf('b') })).rejects.toThrow('the disk is full');
  });
});

/** The outbox without a browser: whatever happens in between, each entry is applied at most once and in order, and none is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRESH_MS, headOf, MAX_ENTRIES, standingOf } from './entry';
import { ANNA, BEN, Device, entryOf, type Fate } from './harness';
import { initialOutbox, nextWake, step } from './machine';
import { changed } from './store';

const ambient = { now: 5_000, serverNow: 5_000, random: 0 };

type Happening =
  | { do: 'enter' }
  | { do: 'advance'; tab: number; fate: Fate }
  | { do: 'open' | 'arrive' | 'hurry' | 'tick' | 'sleep' }
  | { do: 'close' | 'discard'; nth: number }
  | { do: 'user'; who: number }
  | { do: 'pass'; ms: number };

const fate = fc.constantFrom<Fate>('ok', 'ok', 'unreachable', 'lost', 'late', 'overloaded', 'refused');
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Happening>({ do: 'enter' }) },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('advance' as const), tab: fc.nat(3), fate }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('open' as const, 'arrive' as const, 'hurry' as const, 'tick' as const) }) },
  { weight: 1, arbitrary: fc.constant<Happening>({ do: 'sleep' }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('close' as const, 'discard' as const), nth: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('user' as const), who: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(30_000) }) },
);

/** Lets it happen; keeps what was entered and what a person has thrown away. */
function play(device: Device, happenings: readonly Happening[]): { entered: string[]; discarded: Set<string> } {
  const entered: string[] = [];
  const discarded = new Set<string>();
  for (const event of happenings) {
    const nth = (index: number) => device.tabs[index % Math.max(1, device.tabs.length)];
    switch (event.do) {
      case 'enter':
        if (device.user === null) break;
        entered.push(`e${entered.length}`);
        device.byHand({ type: 'add', entry: entryOf(entered.at(-1) ?? '', { owner: device.user, at: device.now }) });
        break;
      case 'advance':
        nth(event.tab)?.advance(event.fate);
        break;
      case 'open':
        if (device.tabs.length < 3) device.open();
        break;
      case 'close': {
        const tab = nth(event.nth);
        if (tab !== undefined) device.close(tab);
        break;
      }
      case 'discard': {
        const entry = device.entries[event.nth % Math.max(1, device.entries.length)];
        if (entry === undefined) break;
        device.byHand({ type: 'discard', id: entry.id, now: device.now });
        if (!device.entries.some(({ id }) => id === entry.id)) discarded.add(entry.id);
        break;
      }
      case 'arrive':
        device.hub.arrive();
        break;
      case 'hurry':
        for (const tab of device.tabs) tab.do({ type: 'hurry' });
        break;
      case 'tick':
        for (const tab of device.tabs) tab.tick();
        break;
      case 'sleep':
        // The tablet lies in a drawer for a day, in whatever it was doing: the connections have long been given up.
        device.now += 24 * 3_600_000;
        for (const tab of [...device.tabs]) device.close(tab);
        device.hub.forget();
        break;
      case 'user':
        device.signIn([ANNA, BEN, null][event.who] ?? null);
        break;
      case 'pass':
        device.now += event.ms;
        for (const tab of device.tabs) if ((nextWake(tab.state) ?? Infinity) <= device.now) tab.tick();
        break;
    }
  }
  return { entered, discarded };
}

describe('whatever happens in between', () => {
  it('each entry is applied at most once and in order, none is lost, and none is sent in another name', () => {
    fc.assert(fc.property(fc.array(happening, { maxLength: 120 }), (happenings) => {
      const device = new Device();
      device.open();
      const { entered, discarded } = play(device, happenings);
      for (const user of [ANNA, BEN]) {
        device.signIn(user);
        device.settle();
      }
      while (device.hub.stray.length > 0) device.hub.arrive();

      const { applied, refused, sentAs } = device.hub;
      expect(new Set(applied).size).toBe(applied.length);
      // Every entry has come to the hub, was thrown away by a person, or waits for one, refused or too old: nothing else is possible.
      const forPerson = new Set(device.entries.filter((entry) => standingOf(entry, device.now) !== 'waiting').map(({ id }) => id));
      expect(entered.filter((id) => !applied.includes(id) && !forPerson.has(id) && !discarded.has(id))).toEqual([]);
      for (const id of refused) expect(discarded.has(id) || forPerson.has(id)).toBe(true);
      expect(sentAs.filter(([owner, user]) => owner !== user)).toEqual([]);
    }), { numRuns: 1_500 });
  });

  it('the order of one user holds', () => {
    const oneUser = fc.array(happening.filter((event) => event.do !== 'user'), { maxLength: 120 });
    fc.assert(fc.property(oneUser, (happenings) => {
      const device = new Device();
      device.open();
      const { entered } = play(device, happenings);
      device.settle();
      expect(device.hub.applied).toEqual(entered.filter((id) => device.hub.applied.includes(id)));
    }), { numRuns: 1_500 });
  });

  it('two tabs never send at the same time', () => {
    fc.assert(fc.property(fc.array(happening, { maxLength: 120 }), (happenings) => {
      const device = new Device();
      device.open();
      for (const event of happenings) {
        play(device, [event]);
        expect(device.tabs.filter(({ state }) => ['reading', 'marking', 'sending', 'settling'].includes(state.run.name)).length).toBeLessThanOrEqual(1);
      }
    }), { numRuns: 500 });
  });
});

describe('one attempt', () => {
  const waiting = () => {
    const device = new Device();
    const tab = device.open();
    device.byHand({ type: 'add', entry: entryOf('a', { at: device.now }) });
    for (let effects = 0; effects < 3; effects += 1) tab.advance('ok');
    return { device, tab };
  };

  it('is marked on the device before it leaves', () => {
    const { device, tab } = waiting();
    expect(tab.pending.map(({ type }) => type)).toEqual(['send']);
    expect(device.entries[0]?.triedAt).toBe(device.now);
    device.byHand({ type: 'discard', id: 'a', now: device.now });
    expect(device.entries).toHaveLength(1);
  });

  it('that the hub puts off is not hurried before its time', () => {
    const { device, tab } = waiting();
    tab.advance('overloaded');
    tab.do({ type: 'hurry' });
    expect(nextWake(tab.state)).toBe(device.now + 3_000);
  });

  it('that fails is made again later and later, and at once when the connection is back', () => {
    const { device, tab } = waiting();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt += 1) {
      tab.advance('unreachable');
      const retryAt = nextWake(tab.state) ?? 0;
      waits.push(retryAt - device.now);
      device.now = retryAt;
      tab.tick();
      for (let effects = 0; effects < 2; effects += 1) tab.advance('ok');
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBeLessThanOrEqual(20_000);
    tab.advance('unreachable');
    tab.do({ type: 'hurry' });
    expect((nextWake(tab.state) ?? 0) - device.now).toBeLessThan(1_000);
  });

  it('that is refused does not hold up the next one', () => {
    const { device, tab } = waiting();
    device.byHand({ type: 'add', entry: entryOf('b', { at: device.now }) });
    tab.advance('refused');
    device.settle();
    expect(device.hub.applied).toEqual(['b']);
    expect(device.entries).toMatchObject([{ id: 'a', refusal: { code: 'illegal_transition' } }]);
    expect(tab.state.recent.map(({ entry }) => entry.id)).toEqual(['b']);
  });
});

describe('what is old', () => {
  const now = 10 * FRESH_MS;
  const scrap = { kind: 'scrap', machine: 'saw-1', machineName: 'Saw', quantity: 3 } as const;

  it('is not sent blindly', () => {
    const old = entryOf('a', { at: now - FRESH_MS - 1 });
    expect(standingOf(old, now)).toBe('aged');
    expect(headOf([old, entryOf('b', { at: now })], ANNA, now)?.id).toBe('b');
    const { effects } = step({ ...initialOutbox, entries: [old] }, { type: 'signed_in', owner: ANNA }, { ...ambient, serverNow: now });
    expect(effects).toEqual([]);
  });

  it('nor what seems to come from the future', () => {
    expect(standingOf(entryOf('a', { at: now + FRESH_MS + 1 }), now)).toBe('aged');
  });

  it('is sent after all, at the end, when a person says so', () => {
    const old = entryOf('a', { at: 0, triedAt: 0 });
    const after = changed([old, entryOf('b', { at: now })], { type: 'renew', id: 'a', now, entry: { ...old, at: now, triedAt: null } });
    expect(after.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(headOf(after.slice(1), ANNA, now)?.id).toBe('a');
  });

  it('leaves scrap alone, which has its own time, unless it was tried', () => {
    expect(standingOf(entryOf('a', { action: scrap, at: 0 }), now)).toBe('waiting');
    expect(standingOf(entryOf('a', { action: scrap, at: 0, triedAt: 0 }), now)).toBe('aged');
  });
});

describe('what is kept', () => {
  it('is bounded, and says so instead of dropping', () => {
    const full = Array.from({ length: MAX_ENTRIES }, (_, index) => entryOf(String(index)));
    expect(() => changed(full, { type: 'add', entry: entryOf('more') })).toThrow(/at most/);
  });

  it('takes an entry once', () => {
    expect(changed([entryOf('a')], { type: 'add', entry: entryOf('a') })).toHaveLength(1);
  });

  it('is not changed by what came too late', () => {
    const kept = [entryOf('a')];
    expect(changed(kept, { type: 'tried', id: 'gone', at: 1 })).toEqual(kept);
    expect(changed(kept, { type: 'refused', id: 'gone', refusal: { status: 409, code: '', detail: '' } })).toEqual(kept);
    expect(changed([entryOf('a', { triedAt: 1 })], { type: 'renew', id: 'a', now: 2, entry: entryOf('a2') })).toMatchObject([{ id: 'a' }]);
  });
});

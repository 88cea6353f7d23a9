/** The terminal's own logic: orders and stops with what was entered, what waits, what can be undone, the number pad. */
import { describe, expect, it } from 'vitest';
import { FRESH_MS } from '../../outbox/entry';
import { ANNA, BEN, entryOf } from '../../outbox/harness';
import { initialOutbox } from '../../outbox/machine';
import type { Stop } from '../line/data';
import { entriesOf, undoOf } from './entries';
import { byUrgency, lineOrders, type ListedOrder } from './orders';
import { normal, scrapQuantity, typed } from './quantity';
import { firstToExplain, reasonNow, stopsToExplain } from './stops';

const listed = (code: string, more: Partial<ListedOrder> = {}): ListedOrder => ({ code, article: 'BAR', quantity: '100', good: '0', scrap: '0', state: 'released', priority: 100, ...more });

describe('the orders of a line', () => {
  it('are the running one, then paused ones, then released ones', () => {
    const { current, next } = lineOrders({ code: 'A', good: '7', quantity: '10' }, [listed('B'), listed('C', { state: 'paused' })], []);
    expect(current).toMatchObject({ code: 'A', state: 'running', good: '7', waits: false });
    expect(next.map(({ code }) => code)).toEqual(['C', 'B']);
  });

  it('show what was entered before the hub does', () => {
    const steps = [{ order: 'A', step: 'complete', waits: true }, { order: 'B', step: 'start', waits: true }] as const;
    const { current, next } = lineOrders({ code: 'A' }, [listed('B'), listed('C')], steps);
    expect(current).toMatchObject({ code: 'B', state: 'running', waits: true });
    expect(next.map(({ code }) => code)).toEqual(['C']);
  });

  it('do not show again what the hub has shown already', () => {
    const { current } = lineOrders({ code: 'A' }, [], [{ order: 'A', step: 'start', waits: false }]);
    expect(current).toMatchObject({ code: 'A', state: 'running', waits: false });
    expect(lineOrders(null, [], [{ order: 'A', step: 'complete', waits: false }])).toEqual({ current: null, next: [] });
  });

  it('offer a paused one where none runs', () => {
    expect(lineOrders(null, [listed('B'), listed('C', { state: 'paused' })], []).current).toMatchObject({ code: 'C', state: 'paused' });
  });

  it('come by urgency, then by date', () => {
    const orders = [listed('A'), listed('B', { priority: 900 }), listed('C', { due: 5 }), listed('D', { due: 4 })];
    expect(orders.sort(byUrgency).map(({ code }) => code)).toEqual(['B', 'D', 'C', 'A']);
  });
});

describe('the stops to explain', () => {
  const stop = (id: string, more: Partial<Stop> = {}): Stop => ({ id, machine: 'saw-1', state: 'down', from: Number(id), to: Number(id) + 1, ...more });
  const reason = (id: string, code: string | null) => entryOf(`r${id}`, { action: { kind: 'reason', stop: id, machine: 'saw-1', machineName: 'Saw', reason: code, reasonName: code, before: null, beforeName: null } });

  it('are those that last, then unexplained ones, the newest first', () => {
    const stops = [stop('1'), stop('2', { reason: 'jam' }), stop('3'), stop('4', { to: undefined, reason: 'jam' }), stop('5', { to: undefined })];
    const shown = stopsToExplain(stops, [], null);
    expect(shown.map(({ id }) => id)).toEqual(['5', '4', '3', '1']);
    expect(firstToExplain(shown)?.id).toBe('5');
  });

  it('carry what was entered, and stay while it waits or is looked at', () => {
    const stops = [stop('1'), stop('2', { reason: 'jam' }), stop('3', { reason: 'jam' })];
    const shown = stopsToExplain(stops, [{ entry: reason('1', 'jam'), waits: true }], '3');
    expect(shown.map(({ id, reason: code, waits }) => [id, code, waits])).toEqual([['3', 'jam', false], ['1', 'jam', true]]);
    expect(stopsToExplain([stop('1', { reason: 'jam' })], [{ entry: reason('1', null), waits: false }], null)).toMatchObject([{ id: '1', reason: undefined }]);
  });

  it('say why the line is in its state', () => {
    const stops = [stop('1', { to: undefined, reason: 'jam' }), stop('2', { state: 'idle', to: undefined }), stop('3')];
    const shown = stopsToExplain(stops, [], null);
    expect(reasonNow(shown, 'down')).toMatchObject({ reason: 'jam' });
    expect(reasonNow(shown, 'idle')).toMatchObject({ id: '2' });
    expect(reasonNow(shown, 'running')).toBeUndefined();
  });

  it('are few, but never without the one that is looked at', () => {
    const stops = Array.from({ length: 9 }, (_, index) => stop(String(index)));
    expect(stopsToExplain(stops, [], '0').map(({ id }) => id)).toEqual(['8', '7', '6', '5', '0']);
  });
});

describe('what was entered', () => {
  const place = { site: 'lyon', line: 'saw' };
  const now = 10 * FRESH_MS;
  const reasonEntry = entryOf('r', { at: now, action: { kind: 'reason', stop: '1', machine: 'saw-1', machineName: 'Saw', reason: 'jam', reasonName: 'Jam', before: 'old', beforeName: 'old' } });

  it('is told apart by what becomes of it, and by whose it is', () => {
    const refusal = { status: 409, code: 'line_busy', detail: '' };
    const entries = [entryOf('a', { at: now }), entryOf('b', { at: now, refusal }), entryOf('c', { at: 0 }), entryOf('d', { at: now, owner: BEN }), entryOf('e', { at: now, line: 'other' })];
    const mine = entriesOf({ ...initialOutbox, entries }, ANNA, place, now);
    expect(mine.waiting.map(({ id }) => id)).toEqual(['a', 'e']);
    expect(mine.refused.map(({ id }) => id)).toEqual(['b']);
    expect(mine.aged.map(({ id }) => id)).toEqual(['c']);
    expect(mine.foreign).toBe(1);
    expect(mine.entered.map(({ entry }) => entry.id)).toEqual(['a']);
  });

  it('is undone by not sending it, or by saying what held before, and only as long as that makes sense', () => {
    const of = (state: Partial<typeof initialOutbox>) => undoOf(entriesOf({ ...initialOutbox, ...state }, ANNA, place, now), now);
    const scrap = entryOf('s', { at: now, action: { kind: 'scrap', machine: 'saw-1', machineName: 'Saw', quantity: 1 } });
    expect(of({ entries: [scrap] })).toMatchObject({ kind: 'discard', entry: { id: 's' } });
    expect(of({ entries: [{ ...scrap, triedAt: now }] })).toBeNull();
    expect(of({ recent: [{ entry: scrap, at: now }] })).toBeNull();
    expect(of({ recent: [{ entry: reasonEntry, at: now }] })).toMatchObject({ kind: 'reason', before: 'old' });
    expect(of({ recent: [{ entry: reasonEntry, at: now - 61_000 }] })).toBeNull();
  });
});

describe('the number pad', () => {
  it('takes only what becomes a quantity', () => {
    const keys = (text: string) => text.split('').reduce(typed, '');
    expect(keys('007')).toBe('7');
    expect(keys(',5')).toBe('0.5');
    expect(keys('1,2.3456')).toBe('1.234');
    expect(keys('12345678')).toBe('1234567');
    expect(typed('12', 'Backspace')).toBe('1');
    expect(normal('-1')).toBeUndefined();
  });

  it('books more than nothing', () => {
    expect(scrapQuantity.safeParse('0').success).toBe(false);
    expect(scrapQuantity.safeParse('').success).toBe(false);
    expect(scrapQuantity.parse('2.5')).toBe(2.5);
  });
});

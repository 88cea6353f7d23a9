/** What the line view makes of its data: reading, stops from two sources, orders against their plan, and trends from history and live points. */
import { describe, expect, it, vi } from 'vitest';
import { mergePatch } from '../../live/merge';
import type { Stop as Fetched } from '../../stops/api';
import { readLine, statusSince, type Stop } from './data';
import { byUrgency, type PlannedOrder, standingOf } from './orders';
import { periodOf } from './period';
import { behind, type Draft, type Drafts, holding, mergeStops, pending } from './stops';
import { sameMembers } from './useSame';
import { appendPoint, chartable, choiceKey, firstChoice, mergeTrend, parseChoice, samplesQuery, summaryOf, withGaps } from './trend';

const machines = (data: object) => readLine(JSON.parse(JSON.stringify({ machines: data })) as Parameters<typeof readLine>[0]).machines;

describe('reading', () => {
  it('takes what is absent as unknown or none', () => {
    expect(readLine({})).toEqual({ head: { status: 'unknown' }, machines: [], order: null, shift: null, stops: [], alerts: [] });
    expect(machines({ saw: {} })[0]).toMatchObject({ code: 'saw', name: 'saw', state: 'unknown', quality: 'unknown', measures: [] });
  });

  it('keeps what it understands beside what it does not', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const line = readLine({
      line: { name: 'Saws', status: 'teleporting' },
      machines: { saw: { state: 'running', quality: 'splendid', measures: { load_pct: { value: null }, speed_rpm: { value: 3, at: 'noon' } } } },
      order: { quantity: '5' },
      stops: { a: { machine: 'saw', state: 'down', from: 'never' }, b: { machine: 'saw', state: 'down', from: '2026-11-22T10:00:00Z' } },
    });
    expect(line.head).toMatchObject({ name: 'Saws', status: 'unknown' });
    expect(line.machines[0]).toMatchObject({ state: 'running', quality: 'unknown', measures: [{ name: 'speed_rpm', value: 3 }] });
    expect(line.order).toBeNull();
    expect(line.stops.map(({ id }) => id)).toEqual(['b']);
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it('knows when a machine was last heard of, and keeps the identity of the others', () => {
    const before = { machines: { a: { state: 'running', since: '2026-11-22T10:00:00Z', measures: { x_mm: { value: 1, at: '2026-11-22T10:05:00Z' } } }, b: { state: 'down' } } };
    const [a, b] = [readLine(before).machines, readLine(mergePatch(before, { machines: { b: { state: 'idle' } } })).machines];
    expect(a[0]?.heardAt).toBe(Date.parse('2026-11-22T10:05:00Z'));
    expect(b[0]).toBe(a[0]);
    expect(b[1]).not.toBe(a[1]);
  });

  it('gives the status an age only where one machine is in it', () => {
    const two = machines({ a: { state: 'down', since: '2026-11-22T10:00:00Z' }, b: { state: 'idle', since: '2026-11-22T09:00:00Z' } });
    expect(statusSince('down', two)).toBe(Date.parse('2026-11-22T10:00:00Z'));
    expect(statusSince('running', two)).toBeUndefined();
    expect(statusSince('idle', machines({ a: { state: 'idle', since: '2026-11-22T09:00:00Z' }, b: { state: 'idle' } }))).toBeUndefined();
  });
});

describe('stops', () => {
  const stop = (id: string, from: number, rest: Partial<Stop> = {}): Stop => ({ id, machine: 'saw', state: 'down', from, ...rest });

  const all = { from: 0, to: 100 };
  const ids = (stops: readonly { id: string }[]) => stops.map(({ id }) => id);
  const fetched = (id: string, from: number, rest: Partial<Fetched> = {}) => stop(id, from, rest) as Fetched;

  it('come first if nobody explained them, then if they last, then the newest', () => {
    const live = [stop('old', 1, { to: 2 }), stop('known', 3, { reason: 'jam' }), stop('done', 2, { to: 8, reason: 'jam' }), stop('new', 5, { to: 6 }), stop('open', 4)];
    expect(ids(mergeStops(live, [], all))).toEqual(['open', 'new', 'old', 'known', 'done']);
  });

  it('are the live ones where both sources have them, and never open only by an old answer', () => {
    const merged = mergeStops([stop('a', 5, { to: 6, reason: 'jam' })], [fetched('a', 5), fetched('b', 3, { reason: 'x' }), fetched('c', 1, { to: 2, reason: 'x' })], all);
    expect(merged.map(({ id, reason, open, to }) => [id, reason, open, to])).toEqual([['a', 'jam', false, 6], ['b', 'x', false, undefined], ['c', 'x', false, 2]]);
  });

  it('say who classified them as long as that is the reason they have', () => {
    const read = fetched('a', 5, { to: 6, reason: 'jam', classified_by: 'ann@acme.example' });
    expect(mergeStops([stop('a', 5, { to: 6, reason: 'jam' })], [read], all)[0]?.classified_by).toBe('ann@acme.example');
    expect(mergeStops([stop('a', 5, { to: 6, reason: 'other' })], [read], all)[0]?.classified_by).toBeUndefined();
  });

  it('are those of the period, but for those that were none', () => {
    expect(ids(mergeStops([stop('none', 12, { to: 12 }), stop('before', 1, { to: 10 }), stop('into', 5, { to: 11 }), stop('lasts', 2), stop('after', 20)], [], { from: 10, to: 20 }))).toEqual(['lasts', 'into']);
  });

  it('show what the user does at once, and take it back where it is refused', () => {
    const draft = (change: Draft['change'], phase: Draft['phase']) => new Map([['a', { change, key: 'k', phase }]]);
    const shown = (drafts: Drafts) => mergeStops([stop('a', 5, { reason: 'jam', comment: 'c' })], [], all, drafts)[0];
    expect(shown(draft({ reason: 'other' }, 'sending'))).toMatchObject({ reason: 'other', comment: 'c' });
    expect(shown(draft({ reason: null, comment: 'd' }, 'sent'))).toMatchObject({ reason: undefined, comment: 'd' });
    expect(shown(draft({ reason: 'other' }, 'failed'))).toMatchObject({ reason: 'jam' });
  });

  it('forget what the user did once the hub’s copy has it', () => {
    const drafts = (phase: Draft['phase'], change: Draft['change'] = { reason: 'jam' }) => new Map([['a', { change, key: 'k', phase }]]);
    const sent = drafts('sent');
    expect(pending(sent, [{ id: 'a' }])).toBe(sent);
    expect(pending(sent, [{ id: 'a', reason: 'jam' }]).size).toBe(0);
    expect(pending(drafts('sent', { split_at: 3 }), [{ id: 'a' }]).size).toBe(0);
    expect(pending(drafts('sent', { reason: null }), [{ id: 'a' }]).size).toBe(0);
    expect(pending(drafts('sending'), [{ id: 'a', reason: 'jam' }]).size).toBe(1);
    expect(pending(drafts('failed'), [{ id: 'a', reason: 'jam' }]).size).toBe(1);
  });

  it('stay where they are while somebody works on them', () => {
    const list = ['a', 'b', 'c', 'd'].map((id) => ({ ...stop(id, 1), open: false }));
    expect(ids(holding([...list].reverse(), list, { id: 'b', index: 1 }))).toEqual(['d', 'b', 'c', 'a']);
    expect(ids(holding(list.slice(2), list, { id: 'a', index: 5 }))).toEqual(['c', 'd', 'a']);
    expect(holding(list, list, { id: 'gone', index: 0 })).toBe(list);
    expect(holding(list, list, null)).toBe(list);
  });

  it('are found behind a bar of the Pareto', () => {
    const stops = mergeStops([stop('a', 5, { to: 6, reason: 'jam' }), stop('b', 7), stop('c', 8, { machine: 'mill', reason: 'jam' })], [], all);
    expect(ids(behind(stops, 'down:jam'))).toEqual(['c', 'a']);
    expect(ids(behind(stops, 'down?'))).toEqual(['b']);
    expect(behind(stops, null)).toBe(stops);
  });
});

describe('an order', () => {
  const H = 3_600_000;

  it('is where its plan says between start and due date, and late by its forecast or by the clock', () => {
    const order = { started_at: 0, expected_end: 11 * H };
    expect(standingOf(order, 10 * H, 4 * H)).toEqual({ share: 0.4, lateMs: H });
    expect(standingOf({ ...order, expected_end: 8 * H }, 10 * H, 4 * H).lateMs).toBe(-2 * H);
    expect(standingOf({ started_at: 0 }, 10 * H, 4 * H)).toEqual({ share: 0.4, lateMs: undefined });
    expect(standingOf({ started_at: 0 }, 10 * H, 12 * H)).toEqual({ share: 1, lateMs: 2 * H });
    expect(standingOf({ started_at: 0, expected_end: 9 * H }, 10 * H, 12 * H).lateMs).toBe(2 * H);
    expect(standingOf(order, undefined, 4 * H)).toEqual({ share: undefined, lateMs: undefined });
    expect(standingOf({ started_at: 11 * H }, 10 * H, 11 * H).share).toBeUndefined();
  });

  it('waits by priority, then by due date', () => {
    const order = (code: string, priority: number, due?: number): PlannedOrder => ({ code, priority, state: 'released', due });
    expect([order('d', 100), order('c', 100, 9), order('b', 100, 5), order('a', 1, 1), order('e', 900)].sort(byUrgency).map(({ code }) => code)).toEqual(['e', 'b', 'c', 'd', 'a']);
  });
});

describe('a list', () => {
  it('is the same with the same members', () => {
    expect(sameMembers([1, 2], [1, 2], Object.is)).toBe(true);
    for (const other of [[1], [1, 3], [2, 1], [1, 2, 3]]) expect(sameMembers([1, 2], other, Object.is)).toBe(false);
  });
});

describe('the period', () => {
  const H = 3_600_000;

  it('is the shift, else the last eight hours, on round times', () => {
    const now = 100 * H + 61_000;
    expect(periodOf('shift', { from: 98 * H, to: 106 * H }, now)).toEqual({ name: 'shift', from: 98 * H, to: 106 * H });
    expect(periodOf('shift', null, now)).toEqual({ name: '8h', from: 92 * H + 600_000, to: 100 * H + 600_000 });
    expect(periodOf('24h', { from: 98 * H, to: 106 * H }, now)).toEqual({ name: '24h', from: 76 * H + 600_000, to: 100 * H + 600_000 });
    expect(periodOf('8h', null, 100 * H).to).toBeGreaterThan(100 * H);
  });
});

describe('a trend', () => {
  const p = (at: number, value = at) => ({ at, value });

  it('is its history and then the live points after it, within the span', () => {
    expect(mergeTrend([p(1), p(5), p(9)], [p(8, 80), p(9, 90), p(10), p(12)], 4)).toEqual([p(5), p(9), p(10), p(12)]);
    expect(mergeTrend([], [p(3), p(4)], 4)).toEqual([p(4)]);
    expect(mergeTrend([], [], 4)).toEqual([]);
  });

  it('takes live points in order, once, and forgets the old', () => {
    const points = [p(1), p(5)];
    expect(appendPoint(points, p(5, 7), 0)).toBe(points);
    expect(appendPoint(points, p(4), 0)).toBe(points);
    expect(appendPoint(points, p(8), 3)).toEqual([p(5), p(8)]);
    expect(appendPoint(points, p(8), 7)).toEqual([p(8)]);
    expect(appendPoint([], p(8), 7)).toEqual([p(8)]);
  });

  it('never holds more points than it must', () => {
    let points: readonly { at: number; value: number }[] = [];
    for (let at = 1; at <= 10_000; at += 1) points = appendPoint(points, p(at), 0);
    expect(points.length).toBeLessThanOrEqual(4_000);
    expect(points.at(-1)).toEqual(p(10_000));
    expect(points.map(({ at }) => at)).toEqual([...points.map(({ at }) => at)].sort((a, b) => a - b));
  });

  it('is broken where nothing is known: where the machine had no contact, and where far less came than usual', () => {
    const minute = 60_000;
    const steady = [0, 1, 2, 3, 4, 5].map((index) => p(index * minute));
    expect(withGaps(steady, [])).toEqual(steady);
    expect(withGaps([...steady, p(60 * minute), p(61 * minute)], [])).toEqual([...steady, { at: 5 * minute + 1, value: null }, p(60 * minute), p(61 * minute)]);
    expect(withGaps(steady, [{ from: 2.2 * minute, to: 2.8 * minute }])).toEqual([...steady.slice(0, 3), { at: 2 * minute + 1, value: null }, ...steady.slice(3)]);
    expect(withGaps(steady, [{ from: 70 * minute, to: null }])).toEqual(steady);
    expect(withGaps([p(0), p(600 * minute)], [])).toEqual([p(0), p(600 * minute)]);
    expect(withGaps([], [])).toEqual([]);
  });

  it('is asked for at the part that is looked at', () => {
    const key = { site: 'w', line: 's', machine: 'saw', metric: 'load_pct', span: '1h' as const };
    const paths: string[] = [];
    const api = { get: (path: string) => { paths.push(path); return Promise.resolve({ truncated: false, items: [{ machine: 'saw', points: [p(1)] }] }); } } as never;
    const ask = (range: { from: number; to: number } | null) => (samplesQuery(api, { ...key, range }, () => 3_600_000).queryFn as (context: object) => unknown)({});
    ask(null);
    ask({ from: 60_000, to: 120_000 });
    expect(paths).toEqual([
      '/sites/w/lines/s/samples?metric=load_pct&machine=saw&from=1970-01-01T00%3A00%3A00.000Z&points=600',
      '/sites/w/lines/s/samples?metric=load_pct&machine=saw&from=1970-01-01T00%3A01%3A00.000Z&to=1970-01-01T00%3A02%3A00.000Z&points=600',
    ]);
  });

  it('is told in words', () => {
    expect(summaryOf([p(1, 4), p(2, -3), p(3, 0)])).toEqual({ min: -3, max: 4, last: p(3, 0) });
    expect(summaryOf([])).toBeNull();
  });

  it('can be had of numbers only, the most telling first', () => {
    const choices = chartable(machines({ saw: { measures: { a_mm: { value: 1 }, door: { value: true }, program: { value: 'P1' }, spindle_speed_rpm: { value: 0 } } } }));
    expect(choices.map(choiceKey)).toEqual(['saw.a_mm', 'saw.spindle_speed_rpm']);
    expect(firstChoice(choices)).toEqual({ machine: 'saw', metric: 'spindle_speed_rpm' });
    expect(firstChoice([])).toBeUndefined();
  });

  it('is named in an address', () => {
    expect(parseChoice('saw-1.load_pct')).toEqual({ machine: 'saw-1', metric: 'load_pct' });
    for (const nonsense of ['', 'saw', '.x', 'saw.', 'a.b.c']) expect(parseChoice(nonsense)).toBeNull();
  });
});

/** What the line view makes of its data: reading, stops from two sources, and trends from history and live points. */
import { describe, expect, it, vi } from 'vitest';
import { mergePatch } from '../../live/merge';
import { readLine, statusSince, type Stop } from './data';
import { mergeStops } from './stops';
import { appendPoint, chartable, choiceKey, firstChoice, mergeTrend, parseChoice, summaryOf } from './trend';

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

  it('are open first, unclassified before classified, then the newest', () => {
    const live = [stop('old', 1, { to: 2 }), stop('known', 3, { reason: 'jam' }), stop('new', 5, { to: 6 }), stop('open', 4)];
    expect(mergeStops(live, []).map(({ id }) => id)).toEqual(['open', 'known', 'new', 'old']);
  });

  it('are the live ones where both sources have them, and never open only by an old answer', () => {
    const merged = mergeStops([stop('a', 5, { to: 6, reason: 'jam' })], [stop('a', 5), stop('b', 3), stop('c', 1, { to: 2 })]);
    expect(merged).toEqual([
      { ...stop('a', 5, { to: 6, reason: 'jam' }), open: false },
      { ...stop('b', 3), open: false },
      { ...stop('c', 1, { to: 2 }), open: false },
    ]);
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

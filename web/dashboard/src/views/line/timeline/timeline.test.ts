/** The state timeline: past and live joined, what is seen of it, and what is drawn. */
import { describe, expect, it } from 'vitest';
import { cellsOf, MIN_PX } from './cells';
import { appendSeen, lengthOf, observe, ordersOf, partsOf, plannedWithin, rowsOf, type Segment, segmentAt, timelineQuery } from './data';
import { MIN_SPAN_MS, pan, pinch, reveal, ticks, within, zoneOffset, zoom } from './scale';

const s = (from: number, to: number | null, state: Segment['state'], reason?: string): Segment => ({ from, to, state, reason });
const seenAs = (state: Segment['state'], since: number | undefined, reason?: string) => ({ state, since, reason });

describe('reading', () => {
  it('takes the hub’s answer apart, null as lasting', async () => {
    const answer = {
      from: '2026-11-24T05:00:00Z',
      to: '2026-11-24T13:00:00Z',
      machines: { 'saw-1': { name: 'Saw', states: [{ from: '2026-11-24T05:00:00Z', to: '2026-11-24T06:00:00Z', state: 'running' }, { from: '2026-11-24T06:00:00Z', to: null, state: 'down', reason: 'jam' }] } },
      shifts: [{ name: 'early', from: '2026-11-24T05:00:00Z', to: '2026-11-24T13:00:00Z', planned_stops: [{ name: 'pause', from: '2026-11-24T08:00:00Z', to: '2026-11-24T08:20:00Z' }] }],
      orders: [{ code: 'O-1', article: 'BAR', from: '2026-11-24T05:30:00Z', to: null }],
    };
    const paths: string[] = [];
    const api = { get: (path: string, schema: { parse: (value: unknown) => unknown }) => { paths.push(path); return Promise.resolve(schema.parse(answer)); } };
    const { queryFn } = timelineQuery(api as never, { site: 'works', line: 'saws' }, Date.parse(answer.from), Date.parse(answer.to));
    const read = await (queryFn as (context: object) => Promise<unknown>)({});
    expect(paths).toEqual(['/sites/works/lines/saws/timeline?from=2026-11-24T05%3A00%3A00.000Z&to=2026-11-24T13%3A00%3A00.000Z']);
    expect(read).toMatchObject({
      rows: [{ machine: 'saw-1', name: 'Saw', states: [{ state: 'running' }, { state: 'down', reason: 'jam', to: null }] }],
      shifts: [{ name: 'early', planned: [{ name: 'pause' }] }],
      orders: [{ code: 'O-1', to: null }],
    });
  });
});

describe('what is seen live', () => {
  it('grows by every change, once', () => {
    let seen = observe([], seenAs('running', 10));
    expect(observe(seen, seenAs('running', 10))).toBe(seen);
    seen = observe(seen, seenAs('down', 20));
    seen = observe(seen, seenAs('down', 20, 'jam'));
    expect(seen).toEqual([s(10, 20, 'running'), s(20, null, 'down', 'jam')]);
    expect(observe(seen, seenAs('idle', 15))).toBe(seen);
    expect(observe(seen, seenAs('unknown', undefined))).toBe(seen);
  });

  it('does not grow for ever', () => {
    let seen: readonly Segment[] = [];
    for (let at = 0; at < 2_000; at += 1) seen = observe(seen, seenAs(at % 2 === 0 ? 'running' : 'down', at));
    expect(seen.length).toBeLessThanOrEqual(501);
    expect(seen.at(-1)).toEqual(s(1_999, null, 'down', undefined));
  });

  it('is appended to the past where that ends', () => {
    const past = [s(0, 10, 'running'), s(10, null, 'down')];
    expect(appendSeen(past, [])).toBe(past);
    expect(appendSeen(past, [s(5, null, 'idle')])).toBe(past);
    expect(appendSeen(past, [s(10, null, 'down', 'jam')])).toEqual([s(0, 10, 'running'), s(10, null, 'down', 'jam')]);
    expect(appendSeen(past, [s(10, 12, 'down', 'jam'), s(12, null, 'running')])).toEqual([s(0, 10, 'running'), s(10, 12, 'down', 'jam'), s(12, null, 'running')]);
    expect(appendSeen(past, [s(12, 14, 'running'), s(14, null, 'idle')])).toEqual([s(0, 10, 'running'), s(10, 12, 'down'), s(12, 14, 'running'), s(14, null, 'idle')]);
    expect(appendSeen([], [s(3, null, 'idle')])).toEqual([s(3, null, 'idle')]);
    expect(past[1]).toEqual(s(10, null, 'down'));
  });

  it('has a row a machine in the order of the line, those that were removed last', () => {
    const machine = (code: string) => ({ code, name: code.toUpperCase() });
    const rows = rowsOf([{ machine: 'gone', name: 'Gone', states: [] }, { machine: 'b', name: 'old name', states: [s(0, null, 'running')] }], [machine('a'), machine('b')], { a: [s(4, null, 'idle')] });
    expect(rows).toEqual([{ machine: 'a', name: 'A', states: [s(4, null, 'idle')] }, { machine: 'b', name: 'B', states: [s(0, null, 'running')] }, { machine: 'gone', name: 'Gone', states: [] }]);
  });

  it('has the order that runs, also before the past is read again', () => {
    const order = (code: string, from: number, to: number | null) => ({ code, article: undefined, from, to });
    expect(ordersOf([order('A', 1, 5)], { code: 'B', started_at: 7 })).toEqual([order('A', 1, 5), order('B', 7, null)]);
    expect(ordersOf([order('A', 1, null)], { code: 'B', started_at: 7 })).toEqual([order('A', 1, 7), order('B', 7, null)]);
    expect(ordersOf([order('B', 2, 6)], { code: 'B', started_at: 2 })).toEqual([order('B', 2, 6), order('B', 6, null)]);
    for (const running of [{ code: 'A', started_at: 1 }, { code: 'B' }, null]) {
      const past = [order('A', 1, null)];
      expect(ordersOf(past, running)).toBe(past);
    }
  });

  it('is found by a moment, with gaps as gaps', () => {
    const states = [s(0, 10, 'running'), s(20, null, 'down')];
    expect([0, 9, 10, 20, 29, 30].map((at) => segmentAt(states, at, 30))).toEqual([0, 0, null, 1, 1, null]);
    expect(lengthOf(s(20, null, 'down'), 30)).toBe(10);
    expect(lengthOf(s(40, null, 'down'), 30)).toBe(0);
  });

  it('is cut where its stops are, with the reasons that these have now', () => {
    const stop = (id: string, from: number, to: number | undefined, reason?: string) => ({ id, machine: 'saw', from, to, reason });
    const states = [s(0, 10, 'running'), s(10, 40, 'down', 'old'), s(40, 50, 'running'), s(50, null, 'idle')];
    const parts = partsOf(states, [stop('c', 55, undefined), stop('b', 20, 40), stop('a', 10, 20, 'jam'), stop('x', 2, 5, 'of another time')]);
    expect(parts.map(({ from, to, reason, stop: id, explained }) => [from, to, reason, id, explained])).toEqual([
      [0, 10, undefined, undefined, true],
      [10, 20, 'jam', 'a', true],
      [20, 40, undefined, 'b', false],
      [40, 50, undefined, undefined, true],
      [50, 55, undefined, undefined, false],
      [55, null, undefined, 'c', false],
    ]);
    expect(partsOf([s(0, null, 'down', 'jam')], [])).toEqual([{ ...s(0, null, 'down', 'jam'), explained: true }]);
    expect(partsOf([s(0, 5, 'down')], [stop('later', 7, 9)])).toEqual([{ ...s(0, 5, 'down'), explained: false }]);
  });

  it('knows what of it was planned, overlaps once', () => {
    const stop = (from: number, to: number) => ({ name: 'pause', from, to });
    expect(plannedWithin(0, 100, [stop(50, 60), stop(10, 20), stop(15, 30), stop(95, 120), stop(200, 300)])).toBe(10 + 20 + 5);
    expect(plannedWithin(0, 100, [])).toBe(0);
  });
});

describe('the scale', () => {
  const H = 3_600_000;
  const bounds = { from: 0, to: 8 * H };

  it('keeps a moment in place while it zooms, and stays within bounds', () => {
    const near = zoom(bounds, bounds, 0.5, 2 * H);
    expect(near).toEqual({ from: H, to: 5 * H });
    expect(zoom(near, bounds, 2, 2 * H)).toEqual(bounds);
    expect(zoom(bounds, bounds, 4, H)).toEqual(bounds);
    const least = zoom(bounds, bounds, 1e-9, H);
    expect(least.to - least.from).toBeCloseTo(MIN_SPAN_MS);
    expect(zoom({ from: 7 * H, to: 8 * H }, bounds, 2, 7 * H)).toEqual({ from: 6 * H, to: 8 * H });
  });

  it('pans to the ends and no further', () => {
    expect(pan({ from: H, to: 2 * H }, bounds, -3 * H)).toEqual({ from: 0, to: H });
    expect(pan({ from: H, to: 2 * H }, bounds, 30 * H)).toEqual({ from: 7 * H, to: 8 * H });
    expect(within({ from: -H, to: 20 * H }, bounds)).toEqual(bounds);
  });

  it('moves only for what cannot be seen', () => {
    const view = { from: 2 * H, to: 4 * H };
    expect(reveal(view, bounds, { from: 2.5 * H, to: 3 * H })).toBe(view);
    for (const part of [{ from: 0.5 * H, to: H }, { from: 6 * H, to: 6.2 * H }]) {
      const moved = reveal(view, bounds, part);
      expect(moved.to - moved.from).toBeCloseTo(2 * H);
      expect(moved.from <= part.from && moved.to >= part.to).toBe(true);
    }
    expect(reveal(view, bounds, { from: 3 * H, to: 7 * H }).from).toBeLessThanOrEqual(3 * H);
  });

  it('follows two fingers', () => {
    expect(pinch(bounds, [2 * H, 6 * H], [0.25, 0.75])).toEqual(bounds);
    expect(pinch(bounds, [2 * H, 6 * H], [0, 1])).toEqual({ from: 2 * H, to: 6 * H });
    expect(pinch(bounds, [2 * H, 6 * H], [0.5, 0.5])).toBeNull();
    expect(pinch(bounds, [2 * H, 6 * H], [0.6, 0.5])).toBeNull();
  });

  it('has its ticks on round local times', () => {
    expect(ticks(bounds, 8, 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8].map((hour) => hour * H));
    expect(ticks(bounds, 4, H)).toEqual([1, 3, 5, 7].map((hour) => hour * H));
    expect(ticks({ from: 0, to: 2 * H }, 8, 5.5 * H)[0]).toBe(0);
    expect(zoneOffset(Date.parse('2026-11-24T12:00:00Z'), 'Europe/Paris')).toBe(H);
    expect(zoneOffset(Date.parse('2026-07-24T12:00:00.250Z'), 'Europe/Paris')).toBe(2 * H);
    expect(zoneOffset(0, 'Mars/Olympus')).toBe(0);
  });
});

describe('what is drawn', () => {
  const view = { from: 0, to: 1_000 };

  it('is what can be seen, the lasting state up to now', () => {
    expect(cellsOf([s(-500, 200, 'running'), s(200, 400, 'down'), s(600, null, 'idle')], view, 100, 900)).toEqual([
      { x: 0, width: 20, state: 'running', index: 0, count: 1 },
      { x: 20, width: 20, state: 'down', index: 1, count: 1 },
      { x: 60, width: 30, state: 'idle', index: 2, count: 1 },
    ]);
    expect(cellsOf([s(1_200, null, 'idle')], view, 100, 1_500)).toEqual([]);
  });

  it('never loses a stop among many short states, and has few cells however many states there are', () => {
    const states = Array.from({ length: 10_000 }, (_, index) => s(index / 10, (index + 1) / 10, index === 5_003 ? 'down' : 'running'));
    const cells = cellsOf(states, view, 300, 1_000);
    expect(cells.length).toBeLessThanOrEqual(300);
    const stopped = cells.filter(({ state }) => state === 'down');
    expect(stopped).toHaveLength(1);
    expect(stopped[0]?.index).toBe(5_003);
    expect(stopped[0]?.width).toBeGreaterThanOrEqual(MIN_PX);
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });
});

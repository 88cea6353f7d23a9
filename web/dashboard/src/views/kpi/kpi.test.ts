/** Spans and buckets, sums of buckets, the waterfall and the CSV of the key figures. */
import { describe, expect, it } from 'vitest';
import { csvOf } from './csv';
import type { Inputs, Losses, Piece } from './data';
import { lateOnes } from './late';
import { bucketOf, bucketsFor, currentShift, fromField, localIso, midnight, rangeOf, readChoice, toField, writeChoice } from './span';
import { steps } from './steps';
import { compare, ratiosOf, totalOf } from './sums';
import { lossKey, waterfall } from './waterfall';

const PARIS = 'Europe/Paris';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string) => Date.parse(text);

describe('spans', () => {
  it('begin and end at midnight of the site, also where a day has 23 or 25 hours', () => {
    const today = (now: string) => rangeOf({ span: 'today', own: null }, at(now), PARIS, null);
    expect(today('2026-11-24T23:30:00Z')).toEqual({ from: at('2026-11-24T23:00:00Z'), to: at('2026-11-25T23:00:00Z') });
    expect(today('2026-03-29T12:00:00Z')).toEqual({ from: at('2026-03-28T23:00:00Z'), to: at('2026-03-29T22:00:00Z') });
    expect(today('2026-10-25T12:00:00Z')).toEqual({ from: at('2026-10-24T22:00:00Z'), to: at('2026-10-25T23:00:00Z') });
    expect(rangeOf({ span: '7d', own: null }, at('2026-03-30T12:00:00Z'), PARIS, null)).toEqual({ from: at('2026-03-23T23:00:00Z'), to: at('2026-03-30T22:00:00Z') });
    expect(midnight(at('2026-11-24T12:00:00Z'), -1, 'America/New_York')).toBe(at('2026-11-23T05:00:00Z'));
  });

  it('know the shift that is on, or the last one that was', () => {
    const shifts = [{ from: 0, to: 8 }, { from: 8, to: 16 }, { from: 24, to: 32 }];
    expect(currentShift(shifts, 9)).toEqual({ from: 8, to: 16 });
    expect(currentShift(shifts, 20)).toEqual({ from: 8, to: 16 });
    expect(currentShift(shifts, -1)).toBeNull();
  });

  it('are the same after a trip through the address', () => {
    const text = 'line=saw&from=2026-11-24T05%3A00%3A00.000Z&to=2026-11-24T13%3A00%3A00.000Z&bucket=hour&open=2026-11-24T06%3A00%3A00.000Z&loss=down%3Ajam';
    expect(writeChoice(readChoice(new URLSearchParams(text))).toString()).toBe(text);
    expect(readChoice(new URLSearchParams(''))).toEqual({ line: null, span: 'today', own: null, bucket: null, open: null, loss: null });
    expect(readChoice(new URLSearchParams('span=7d')).span).toBe('7d');
    expect(writeChoice(readChoice(new URLSearchParams('span=30d&line=saw'))).toString()).toBe('line=saw&span=30d');
  });

  it.each(['from=x&to=y', 'from=2026-11-24T13:00:00Z&to=2026-11-24T05:00:00Z', 'from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z'])('that make no sense (%s) are those of today', (text) => {
    expect(readChoice(new URLSearchParams(text))).toMatchObject({ span: 'today', own: null });
  });

  it('are typed by the clock of the site', () => {
    expect(toField(at('2026-07-01T04:00:00Z'), PARIS)).toBe('2026-07-01T06:00');
    expect(fromField('2026-07-01T06:00', PARIS)).toBe(at('2026-07-01T04:00:00Z'));
    expect(fromField('', PARIS)).toBeNull();
    expect(localIso(at('2026-11-24T05:00:00Z'), PARIS)).toBe('2026-11-24T06:00:00+01:00');
    expect(localIso(at('2026-11-24T05:00:00Z'), 'America/St_Johns')).toBe('2026-11-24T01:30:00-03:30');
  });
});

describe('buckets', () => {
  const span = (length: number) => ({ from: 0, to: length });
  it('are those that the hub tells of the span', () => {
    expect(bucketsFor(span(HOUR), 1)).toEqual(['hour']);
    expect(bucketsFor(span(8 * HOUR), 1)).toEqual(['hour', 'shift']);
    expect(bucketsFor(span(DAY), 1)).toEqual(['hour', 'shift', 'day']);
    expect(bucketsFor(span(32 * DAY), 1)).toEqual(['shift', 'day']);
    expect(bucketsFor(span(DAY), 100)).toEqual(['shift', 'day']);
  });
  it('suit the span unless something else is wished for', () => {
    expect(bucketOf(null, span(DAY), 1)).toBe('hour');
    expect(bucketOf(null, span(7 * DAY), 1)).toBe('shift');
    expect(bucketOf(null, span(30 * DAY), 1)).toBe('day');
    expect(bucketOf('hour', span(30 * DAY), 1)).toBe('hour');
    expect(bucketOf('hour', span(30 * DAY), 40)).toBe('day');
    expect(bucketOf('day', span(8 * HOUR), 1)).toBe('hour');
  });
});

const inputs = (part: Partial<Inputs>): Inputs => ({
  planned_ms: 0, planned_stop_ms: 0, planned_busy_ms: 0, running_ms: 0, overtime_ms: 0, idle_ms: 0, setup_ms: 0, down_ms: 0, maintenance_ms: 0, unknown_ms: 0,
  planned_run_ms: 0, good: 0, scrap: 0, produced: 0, ...part,
});
const piece = (line: string, from: number, part: Partial<Inputs>, timed = true): Piece => ({ line, from, to: from + HOUR, inputs: inputs(part), ...ratiosOf(inputs(part), timed) });

describe('sums', () => {
  const full = piece('saw', 0, { planned_ms: HOUR, planned_busy_ms: HOUR, running_ms: HOUR, planned_run_ms: HOUR, good: 0.1, produced: 0.1 });
  const half = piece('saw', HOUR, { planned_ms: HOUR, planned_busy_ms: HOUR / 2, unknown_ms: HOUR / 2, running_ms: HOUR / 4, planned_run_ms: HOUR / 8, good: 0.2, scrap: 0.2, produced: 0.4, target: 3 });

  it('add inputs and not ratios', () => {
    const total = totalOf([full, half]);
    expect(total).toMatchObject({ from: 0, to: 2 * HOUR, inputs: { planned_busy_ms: 1.5 * HOUR, good: 0.3, produced: 0.5, target: 3 } });
    expect(total?.availability).toBeCloseTo(1.25 / 1.5);
    expect(total?.effectiveness).toBeCloseTo(1.125 / 1.25);
    expect(total?.quality).toBeCloseTo(0.6);
    expect(total?.oee).toBeCloseTo((1.25 / 1.5) * (1.125 / 1.25) * 0.6);
    expect(totalOf([])).toBeNull();
  });

  it('leave out what is not known, and never say 0 for it', () => {
    expect(ratiosOf(inputs({ planned_ms: HOUR, unknown_ms: HOUR }), true)).toEqual({});
    expect(ratiosOf(inputs({ planned_busy_ms: HOUR, running_ms: HOUR, good: 1, produced: 1 }), false)).toEqual({ availability: 1, quality: 1 });
    expect(ratiosOf(inputs({ planned_busy_ms: HOUR, running_ms: HOUR }), true)).toEqual({ availability: 1, effectiveness: 0 });
    expect(ratiosOf(inputs({ planned_busy_ms: HOUR, running_ms: HOUR, planned_run_ms: 2 * HOUR, good: 1, produced: 1 }), true)).toEqual({ oee: 1, availability: 1, effectiveness: 1, quality: 1 });
  });

  it('put the lowest OEE first and what is not known last', () => {
    const unknown = piece('mill', 0, { planned_ms: HOUR, unknown_ms: HOUR });
    expect(compare([unknown, { ...full, line: 'lathe' }, half]).map(({ line }) => line)).toEqual(['saw', 'lathe', 'mill']);
  });
});

describe('the waterfall', () => {
  const stop = (reason: string | undefined, duration_ms: number) => ({ kind: 'stop' as const, state: 'down' as const, ...(reason === undefined ? {} : { reason }), duration_ms, count: 2 });
  const losses = (items: Losses['items']): Losses => ({ from: 0, to: 1, planned_busy_ms: 100, loss_ms: 0, items });
  const items = [{ kind: 'speed' as const, duration_ms: 30, count: 0 }, stop('jam', 10), stop(undefined, 20), { kind: 'scrap' as const, duration_ms: 5, count: 0 }];

  it('falls from planned busy time over stops, speed and scrap to what is left', () => {
    expect(waterfall(losses(items), 8).map(({ key, fromMs, toMs }) => [key, fromMs, toMs])).toEqual([
      ['busy', 0, 100], ['down?', 80, 100], ['down:jam', 70, 80], ['speed', 40, 70], ['scrap', 35, 40], ['effective', 0, 35],
    ]);
  });
  it('puts small stops together, but never a single one, and never falls below nothing', () => {
    const many = losses(['a', 'b', 'c', 'd'].map((reason, index) => stop(reason, 40 - index)));
    expect(waterfall(many, 3).map(({ key }) => key)).toEqual(['busy', 'down:a', 'down:b', 'down:c', 'down:d', 'effective']);
    expect(waterfall(many, 2)).toMatchObject([{}, {}, {}, { key: 'others', durationMs: 75, count: 2, fromMs: 0, toMs: 21 }, { durationMs: 0 }]);
  });
  it('names an unexplained stop apart', () => {
    expect(lossKey(stop(undefined, 1))).not.toBe(lossKey(stop('', 1)));
  });
});

describe('the chart', () => {
  it('breaks where nothing is known', () => {
    expect(steps([0.5, 1, undefined, 0, undefined])).toBe('M0 50H1V0H2M3 100H4');
  });
});

describe('the log', () => {
  const event = (seq: number, data: Record<string, unknown>) => ({ seq, at: 99, kind: 'x', data });
  it('has what was recorded later about a span, by the time that the event names', () => {
    const [inside, end] = ['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:02.000Z'];
    const events = [event(1, { receipt: { at: inside } }), event(2, { receipt: { at: end } }), event(3, { stop: { from: inside }, at: end }), event(4, { to: inside }), event(5, {}), event(6, { at: 'no time' })];
    expect(lateOnes(events, { from: 1_000, to: 2_000 }).map(({ seq }) => seq)).toEqual([1, 3, 4]);
  });
});

describe('CSV', () => {
  it('is RFC 4180 with a byte order mark, and unknown is empty', () => {
    expect(csvOf(['a', 'b, c'], [['say "no"', 1.5], ['two\nlines', undefined]])).toBe('\ufeffa,"b, c"\r\n"say ""no""",1.5\r\n"two\nlines",\r\n');
  });
  it.each(['=1+1', '+1', '-1', '@sum', '\tx'])('does not let %j run as a formula', (text) => {
    expect(csvOf([], [[text]])).toContain(`'${text}`);
  });
  it('writes negative numbers as numbers', () => {
    expect(csvOf([], [[-1]])).toBe('\ufeff\r\n-1\r\n');
  });
});

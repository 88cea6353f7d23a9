/** What a shift cost and made: stops by reason, hours against the target. */
import { describe, expect, it } from 'vitest';
import { type Bucket, hoursOf, hoursQuery, totalOf } from './hours';
import { costOf, lossKey, pareto } from './pareto';

const MIN = 60_000;
const H = 60 * MIN;

describe('the Pareto of stops', () => {
  const period = { from: 0, to: 8 * H };
  const stop = (from: number, to: number | undefined, state: 'down' | 'idle', reason?: string) => ({ machine: 'saw', state, reason, from, to });

  it('has the few that cost most first, and adds up to all', () => {
    const { items, totalMs, unclassified } = pareto([stop(0, 10 * MIN, 'down', 'jam'), stop(H, H + 30 * MIN, 'idle', 'no-material'), stop(2 * H, 2 * H + 20 * MIN, 'down', 'jam'), stop(3 * H, 3 * H + MIN, 'down')], period, [], 4 * H);
    expect(items.map(({ key, durationMs, count }) => [key, durationMs / MIN, count])).toEqual([['down:jam', 30, 2], ['idle:no-material', 30, 1], ['down?', 1, 1]]);
    expect(items.map(({ cumulative }) => Math.round(cumulative * 100))).toEqual([49, 98, 100]);
    expect(totalMs).toBe(61 * MIN);
    expect(unclassified).toBe(1);
  });

  it('counts a stop that lasts up to now, within the period, without what was planned', () => {
    const planned = [{ name: 'pause', from: 5 * MIN, to: 15 * MIN }];
    expect(costOf(stop(-H, undefined, 'down'), period, planned, 20 * MIN)).toBe(10 * MIN);
    expect(costOf(stop(7 * H, undefined, 'down'), period, [], 20 * H)).toBe(H);
    expect(costOf(stop(5 * MIN, 10 * MIN, 'down'), period, planned, H)).toBe(0);
    expect(pareto([stop(5 * MIN, 10 * MIN, 'down')], period, planned, H)).toEqual({ items: [], totalMs: 0, unclassified: 0 });
  });

  it('does not take a missing reason for a reason', () => {
    expect(lossKey(stop(0, 1, 'down'))).not.toBe(lossKey(stop(0, 1, 'down', '?')));
  });
});

describe('the hours', () => {
  const hour = (index: number, good: number, scrap: number, target?: number): Bucket => ({ from: index * H, to: (index + 1) * H, inputs: { good, scrap, target } });
  const buckets = [hour(5, 999, 9, 1_000), hour(6, 40, 2, 50), hour(7, 45, 0, 50), hour(8, 10, 1, 20), hour(9, 0, 0)];
  const shift = { from: 6 * H, to: 14 * H, good: '99', scrap: '4' };

  it('take the running hour from the live totals, past hours as they were read', () => {
    const hours = hoursOf(buckets, shift, 8.4 * H);
    expect(hours.map(({ from, good, scrap, current }) => [from / H, good, scrap, current])).toEqual([[5, 999, 9, false], [6, 40, 2, false], [7, 45, 0, false], [8, 14, 2, true]]);
  });

  it('leave out those in which nothing could have been made', () => {
    expect(hoursOf([hour(3, 0, 0, 0), hour(4, 0, 1), hour(5, 0, 0, 20), hour(6, 0, 0), hour(8, 0, 0)], null, 8.4 * H).map(({ from }) => from / H)).toEqual([4, 5, 8]);
  });

  it('never go back below what was read, nor guess without a shift', () => {
    expect(hoursOf(buckets, { ...shift, good: '80' }, 8.4 * H).at(-1)?.good).toBe(10);
    expect(hoursOf(buckets, null, 8.4 * H).at(-1)?.good).toBe(10);
    expect(hoursOf(buckets, { ...shift, good: '85.3' }, 8.4 * H).at(-1)?.good).toBe(10);
    expect(hoursOf(buckets, { ...shift, good: '95.3' }, 8.4 * H).at(-1)?.good).toBe(10.3);
  });

  it('add up; without any target there is none', () => {
    expect(totalOf(hoursOf(buckets.slice(1), shift, 8.4 * H))).toEqual({ good: 99, scrap: 4, target: 120 });
    expect(totalOf([{ from: 0, to: H, good: 1, scrap: 0, target: undefined, current: true }]).target).toBeUndefined();
  });

  it('are asked for one line, in order of time', async () => {
    const paths: string[] = [];
    const answer = { bucket: 'hour', items: [{ site: 'w', line: 's', from: '1970-01-01T01:00:00Z', to: '1970-01-01T02:00:00Z', inputs: { good: '12.5', scrap: '0', target: '20' } }, { from: '1970-01-01T00:00:00Z', to: '1970-01-01T01:00:00Z', inputs: { good: '1' } }], next_cursor: null };
    const api = { get: (path: string, schema: { parse: (value: unknown) => unknown }) => { paths.push(path); return Promise.resolve(schema.parse(answer)); } };
    const { queryFn } = hoursQuery(api as never, { site: 'w', line: 's' }, { from: 0, to: 2 * H });
    expect(await (queryFn as (context: object) => Promise<unknown>)({})).toMatchObject([{ from: 0, inputs: { good: 1, scrap: 0 } }, { from: H, inputs: { good: 12.5, target: 20 } }]);
    expect(paths).toEqual(['/kpi/oee?site=w&line=s&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T02%3A00%3A00.000Z&bucket=hour']);
  });
});

/** One topic's copy: followers, gaps, resets, resumes and refusals. */
import { describe, expect, it } from 'vitest';
import { Bench, sent, SITE } from './harness';
import { isStale } from './view';

const delta = (bench: Bench, prev: number, seq: number, status: string, epoch = 1) =>
  bench.frame({ type: 'delta', topic: SITE, epoch, prev, seq, at: bench.serverNow, data: { lines: { saw: { status } } } });

describe('followers', () => {
  it('subscribe once and unsubscribe with the last', () => {
    const bench = new Bench();
    bench.goLive();
    expect(sent(bench.do({ type: 'follow', topic: SITE }))).toEqual([{ type: 'subscribe', topic: SITE }]);
    expect(bench.do({ type: 'follow', topic: SITE })).toEqual([]);
    expect(bench.do({ type: 'unfollow', topic: SITE })).toEqual([]);
    expect(sent(bench.do({ type: 'unfollow', topic: SITE }))).toEqual([{ type: 'unsubscribe', topic: SITE }]);
    expect(bench.state.topics).toEqual({});
  });
});

describe('deltas', () => {
  it('move the copy forward', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    delta(bench, 10, 13, 'down');
    expect(bench.site).toMatchObject({ status: 'current', at: { epoch: 1, seq: 13 }, data: { lines: { saw: { status: 'down' } } } });
  });

  it.each([
    ['a gap', 11, 1],
    ['a step back', 8, 1],
    ['another epoch', 10, 2],
  ])('after %s keep the copy, marked stale, and start afresh', (_, prev, epoch) => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    expect(sent(delta(bench, prev, prev + 1, 'down', epoch))).toEqual([
      { type: 'unsubscribe', topic: SITE },
      { type: 'subscribe', topic: SITE },
    ]);
    expect(isStale(bench.site)).toBe(true);
    expect(bench.site.data).toEqual({ lines: { saw: { status: 'running' } } });
    expect(sent(delta(bench, prev + 1, prev + 2, 'idle', epoch))).toEqual([]);
    expect(bench.site.data).toEqual({ lines: { saw: { status: 'running' } } });
    bench.frame({ type: 'snapshot', topic: SITE, epoch, seq: 20, at: bench.serverNow, data: { lines: { saw: { status: 'idle' } } } });
    expect(isStale(bench.site)).toBe(false);
  });
});

describe('snapshots', () => {
  it('replace the copy, and keep the identity of lines that did not change', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    const lines = bench.site.data?.['lines'];
    const next = { lines: { saw: { status: 'running' } }, alerts: { high: 1 } };
    bench.frame({ type: 'snapshot', topic: SITE, epoch: 1, seq: 50, at: bench.serverNow, reset: 'slow', data: next });
    expect(bench.site.data).toEqual(next);
    expect(bench.site.data?.['lines']).toBe(lines);
    bench.frame({ type: 'snapshot', topic: SITE, epoch: 2, seq: 1, at: bench.serverNow, data: { lines: {} } });
    expect(bench.site.data).toEqual({ lines: {} });
  });

  it('are asked for again when a subscription stays unanswered', () => {
    const bench = new Bench();
    bench.do({ type: 'follow', topic: SITE });
    bench.goLive();
    expect(sent(bench.pass(15_000))).toContainEqual({ type: 'subscribe', topic: SITE });
  });
});

describe('resuming', () => {
  it('is not asked for with an epoch that JavaScript cannot hold exactly', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    bench.frame({ type: 'snapshot', topic: SITE, epoch: 2 ** 60, seq: 3, at: bench.serverNow, data: {} });
    bench.do({ type: 'closed', code: 1006 });
    bench.pass(1_000);
    bench.do({ type: 'opened' });
    expect(sent(bench.frame({ type: 'ready', server_time: bench.serverNow }))).toEqual([{ type: 'subscribe', topic: SITE }]);
  });

  it('starts afresh when the server resumes from somewhere else', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    bench.do({ type: 'closed', code: 1006 });
    bench.pass(1_000);
    bench.do({ type: 'opened' });
    bench.frame({ type: 'ready', server_time: bench.serverNow });
    expect(sent(bench.frame({ type: 'resumed', topic: SITE, epoch: 1, seq: 9 }))).toContainEqual({ type: 'subscribe', topic: SITE });
    expect(isStale(bench.site)).toBe(true);
  });
});

describe('refusals', () => {
  it('forget what the user may no longer see', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    bench.frame({ type: 'error', topic: SITE, code: 'forbidden', detail: 'no role here' });
    expect(bench.site).toMatchObject({ status: 'refused', data: null, refusal: { code: 'forbidden' } });
  });

  it('keep another copy as stale, and try again without hiding the refusal', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    bench.frame({ type: 'error', topic: SITE, code: 'not_found', detail: '' });
    expect(isStale(bench.site)).toBe(true);
    expect(sent(bench.pass(10_000))).toContainEqual({ type: 'subscribe', topic: SITE });
    expect(bench.site.status).toBe('refused');
    bench.frame({ type: 'snapshot', topic: SITE, epoch: 1, seq: 1, at: bench.serverNow, data: {} });
    expect(bench.site).toMatchObject({ status: 'current', refusal: null });
  });

  it('of the session as a whole touch no topic', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    bench.frame({ type: 'error', code: 'too_many_topics', detail: '' });
    expect(bench.site.status).toBe('current');
  });
});

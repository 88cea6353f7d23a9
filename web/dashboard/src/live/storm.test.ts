/** A hall full of pages and a hub that restarts: they come back spread out, and never ask more often than they may. */
import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../app/retry';
import { reconnectDelayMs } from './backoff';
import { Bench, kinds, SITE } from './harness';
import { nextWake } from './machine';

const PAGES = 400;
const DOWN_MS = 30_000;

/** When each page tries to connect while the hub is away, and when it does after the hub is back. */
function attempts(seed: number): { during: number[]; after: number } {
  const bench = new Bench();
  bench.random = seed;
  bench.goLiveWithCopy();
  bench.pass(60_000);
  bench.do({ type: 'frame', frame: { type: 'pong', server_time: bench.serverNow } });
  const lost = bench.now;
  bench.do({ type: 'closed', code: 1006 });
  const during: number[] = [];
  for (;;) {
    const wake = nextWake(bench.state);
    if (wake === null) throw new Error('the page gave up');
    bench.now = wake;
    // Each attempt draws anew; the golden ratio spreads the draws of one page evenly.
    bench.random = (bench.random + 0.618_034) % 1;
    const effects = bench.do({ type: 'tick' });
    if (!kinds(effects).includes('open')) continue;
    if (bench.now - lost >= DOWN_MS) return { during, after: bench.now - lost - DOWN_MS };
    during.push(bench.now - lost);
    bench.do({ type: 'closed', code: 1006 });
  }
}

describe('after a restart of the hub', () => {
  const pages = Array.from({ length: PAGES }, (_, n) => attempts(n / PAGES));

  it('the pages come back spread over many seconds', () => {
    const perSecond = new Map<number, number>();
    for (const { after } of pages) perSecond.set(Math.floor(after / 1_000), (perSecond.get(Math.floor(after / 1_000)) ?? 0) + 1);
    expect(Math.max(...perSecond.values()), 'pages in the busiest second').toBeLessThan(PAGES / 6);
    expect(Math.max(...pages.map(({ after }) => after)), 'and none waits longer than the cap').toBeLessThanOrEqual(20_000);
  });

  it('a page tries less and less often while the hub is away', () => {
    for (const { during } of pages) expect(during.length).toBeLessThanOrEqual(8);
  });
});

describe('delays', () => {
  it.each([0, 1, 3, 8, 1_000])('attempt %i is jittered and capped', (attempt) => {
    const [least, most] = [reconnectDelayMs(attempt, 0, null), reconnectDelayMs(attempt, 0.999, null)];
    expect(most).toBeGreaterThan(least * 2);
    expect(most).toBeLessThanOrEqual(20_000);
    expect(least).toBeGreaterThanOrEqual(300);
  });

  it('questions by REST are jittered and capped too', () => {
    expect([retryDelayMs(0, 0), retryDelayMs(0, 0.999)]).toEqual([500, 1_499]);
    expect(retryDelayMs(1_000, 0.999)).toBeLessThanOrEqual(22_500);
    expect(retryDelayMs(1_000, 0.999)).toBeGreaterThan(2 * retryDelayMs(1_000, 0) * 0.99);
  });

  it('a page subscribes to what it shows and nothing else when it is back', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    bench.do({ type: 'follow', topic: 'site/other' });
    bench.do({ type: 'unfollow', topic: 'site/other' });
    bench.do({ type: 'closed', code: 1006 });
    bench.pass(1_000);
    bench.do({ type: 'opened' });
    const sent = bench.frame({ type: 'ready', server_time: bench.serverNow }).flatMap((effect) => (effect.type === 'send' && effect.frame.type === 'subscribe' ? [effect.frame.topic] : []));
    expect(sent).toEqual([SITE]);
  });
});

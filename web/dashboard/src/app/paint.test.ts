/** The pace of painting: at once while it is cheap, with rests where it is not. */
import { describe, expect, it } from 'vitest';
import { PaintPace, restMs } from './paint';

/** A page whose every paint takes `workMs`, with frames each 16 ms. */
function page(workMs: number) {
  let now = 0;
  const queue: { at: number; task: () => void }[] = [];
  const push = (task: () => void, at: number) => { queue.push({ at, task }); };
  const pace = new PaintPace({
    now: () => now,
    inFrame: (task) => { push(task, (Math.floor(now / 16) + 1) * 16); },
    afterPaint: (task) => { push(task, now + workMs); },
    later: (task, ms) => { push(task, now + ms); },
  });
  return {
    pace,
    runUntil: (end: number) => {
      for (;;) {
        queue.sort((a, b) => a.at - b.at);
        const next = queue[0];
        if (next === undefined || next.at > end) break;
        queue.shift();
        now = Math.max(now, next.at);
        next.task();
      }
      now = end;
    },
  };
}

/** Paints in one second when something changes all the time. */
function paintsPerSecond(workMs: number): number {
  const { pace, runUntil } = page(workMs);
  let paints = 0;
  const again = () => {
    paints += 1;
    pace.schedule(again);
  };
  pace.schedule(again);
  runUntil(4_000);
  const before = paints;
  runUntil(5_000);
  return paints - before;
}

describe('painting', () => {
  it('has a frame each while it is cheap', () => {
    expect(paintsPerSecond(2)).toBeGreaterThan(55);
  });

  it.each([20, 40, 80, 150])('takes less than half of the time when a paint takes %i ms', (workMs) => {
    const paints = paintsPerSecond(workMs);
    expect(paints * workMs).toBeLessThan(480);
    expect(paints).toBeGreaterThanOrEqual(1);
  });

  it('is not held back for long by one slow paint', () => {
    expect(restMs(10_000)).toBe(400);
  });

  it('shows a single change in the next frame', () => {
    const { pace, runUntil } = page(30);
    runUntil(1_000);
    let shown = false;
    pace.schedule(() => { shown = true; });
    runUntil(1_016);
    expect(shown).toBe(true);
  });
});

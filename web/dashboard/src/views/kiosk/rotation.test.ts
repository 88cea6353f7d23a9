/** The rotation of a kiosk: what its address asks for, when it turns, and what makes it wait. */
import { describe, expect, it } from 'vitest';
import { HOLD_MS, isHeld, planOf, remainingMs, type Rotation, shifted, startRotation, turn, type Turning } from './rotation';

const plan = (query: string, known: string[] = ['lyon', 'nantes']) => planOf(new URLSearchParams(query), known);
const at = (now: number): Turning => ({ now, dwellMs: 30_000, count: 3 });

describe('the plan', () => {
  it('shows every site for half a minute unless told otherwise', () => {
    expect(plan('')).toEqual({ dwellMs: 30_000, slides: [{ view: 'board', site: 'lyon' }, { view: 'board', site: 'nantes' }] });
    expect(plan('', [])).toMatchObject({ slides: [] });
  });

  it('keeps the order and the sites of the address, once each', () => {
    expect(plan('sites=b,%20a,b,').slides).toEqual([{ view: 'board', site: 'b' }, { view: 'board', site: 'a' }]);
  });

  it('shows the alerts where they are asked for', () => {
    expect(plan('sites=a&view=alerts').slides).toEqual([{ view: 'alerts' }]);
    expect(plan('sites=a&view=alerts,board').slides).toEqual([{ view: 'board', site: 'a' }, { view: 'alerts' }]);
    expect(plan('sites=a&view=nonsense').slides).toEqual([{ view: 'board', site: 'a' }]);
  });

  it.each([['10', 10], ['1', 5], ['0', 30], ['-3', 30], ['99999', 3_600], ['soon', 30]])('takes a dwell of %s as %i s', (dwell, seconds) => {
    expect(plan(`dwell=${dwell}`).dwellMs).toBe(seconds * 1_000);
  });
});

describe('turning', () => {
  const first = startRotation(at(0));
  const tick = (rotation: Rotation, now: number) => turn(rotation, { type: 'tick' }, at(now));

  it('turns when its time is over and comes round again', () => {
    expect(tick(first, 29_999)).toBe(first);
    const second = tick(first, 30_000);
    expect(second).toMatchObject({ index: 1, endsAt: 60_000 });
    expect(tick(tick(second, 60_000), 90_000).index).toBe(0);
  });

  it('turns once, however long the machine slept', () => {
    expect(tick(first, 7 * 86_400_000)).toMatchObject({ index: 1, endsAt: 7 * 86_400_000 + 30_000 });
  });

  it('waits for a minute after the last touch, and then for its full time', () => {
    const touched = turn(first, { type: 'touched' }, at(29_000));
    expect(isHeld(touched)).toBe(true);
    expect(remainingMs(touched, 29_000)).toBeNull();
    expect(tick(touched, 29_000 + HOLD_MS - 1)).toBe(touched);
    const released = tick(touched, 29_000 + HOLD_MS);
    expect(released).toMatchObject({ index: 0, heldUntil: null, endsAt: 29_000 + HOLD_MS + 30_000 });
    expect(remainingMs(released, 29_000 + HOLD_MS)).toBe(30_000);
  });

  it('does not take every move of the pointer as a new touch', () => {
    const touched = turn(first, { type: 'touched' }, at(1_000));
    expect(turn(touched, { type: 'touched' }, at(1_500))).toBe(touched);
    expect(turn(touched, { type: 'touched' }, at(2_100)).heldUntil).toBe(2_100 + HOLD_MS);
  });

  it('stays where it was held until it is let go', () => {
    const paused = turn(first, { type: 'pause' }, at(1_000));
    expect(tick(paused, 10_000_000)).toBe(paused);
    const going = turn(paused, { type: 'pause' }, at(10_000_000));
    expect(tick(going, 10_030_000).index).toBe(1);
  });

  it('goes back and forth by hand and stays there a while', () => {
    const back = turn(first, { type: 'turn', by: -1 }, at(1_000));
    expect(back).toMatchObject({ index: 2, heldUntil: 1_000 + HOLD_MS });
    expect(turn(back, { type: 'turn', by: 1 }, at(2_000)).index).toBe(0);
  });

  it('stays within the slides when some are taken away', () => {
    expect(shifted(5, 0, 2)).toBe(1);
    expect(shifted(5, 1, 0)).toBe(0);
  });
});

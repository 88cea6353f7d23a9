/** A cut always lies inside the stop. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutsOf, nearestCut } from './split';

it('a stop shorter than two steps cannot be cut', () => {
  expect(cutsOf(0, 1_000)).toBeUndefined();
  expect(cutsOf(0, 1_001)).toEqual({ minMs: 1_000, maxMs: 1_000, stepMs: 1_000 });
  expect(cutsOf(5, 5)).toBeUndefined();
});

it('a long stop is cut by the minute, never at its ends', () => {
  expect(cutsOf(0, 3_600_000)).toEqual({ minMs: 60_000, maxMs: 3_540_000, stepMs: 60_000 });
});

it('whatever is asked for, both parts last', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 10 ** 9 }), fc.integer({ min: -(10 ** 9), max: 2 * 10 ** 9 }), (length, asked) => {
    const cut = cutsOf(0, length);
    if (cut === undefined) return length < 2_000;
    const at = nearestCut(cut, asked);
    return at > 0 && at < length;
  }));
});

/** How a line does against its plan: the shift against its target, the order against the time it is due. */
import type { Quantity } from '../../format/format';

/** A forecast is in whole minutes, so less than this is on time. */
const ON_TIME_MS = 60_000;

/** Good parts more (or less) than the target so far; null where either is not known. */
export function paceOf(good: Quantity | undefined, target: Quantity | undefined): number | null {
  if (good === undefined || target === undefined) return null;
  // At most three decimals each, so that the difference of two decimals shows no binary dust.
  return Math.round((Number(good) - Number(target)) * 1_000) / 1_000;
}

/** By how much an order will be late; null if it will not, or nobody knows. */
export function lateByMs(expectedEnd: number | undefined, due: number | undefined): number | null {
  if (expectedEnd === undefined || due === undefined) return null;
  return expectedEnd - due >= ON_TIME_MS ? expectedEnd - due : null;
}

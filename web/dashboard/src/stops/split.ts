/** Where a stop can be cut in two: a moment inside it, in steps that a finger can hit. */

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** Below this length a minute is too coarse. */
const SHORT_MS = 10 * MINUTE_MS;

export type Cut = {
  /** The earliest and the latest cut, in milliseconds after the beginning of the stop. */
  minMs: number;
  maxMs: number;
  stepMs: number;
};

/** Undefined where a stop is too short for two parts. */
export function cutsOf(from: number, to: number): Cut | undefined {
  const lengthMs = to - from;
  const stepMs = lengthMs < SHORT_MS ? SECOND_MS : MINUTE_MS;
  const maxMs = Math.ceil(lengthMs / stepMs - 1) * stepMs;
  return maxMs >= stepMs ? { minMs: stepMs, maxMs, stepMs } : undefined;
}

/** The nearest cut that there is. */
export function nearestCut({ minMs, maxMs, stepMs }: Cut, afterMs: number): number {
  return Math.min(maxMs, Math.max(minMs, Math.round(afterMs / stepMs) * stepMs));
}

/** How long to wait before the next connection attempt: exponential with jitter, so that a hall full of boards does not return at once. */

const BASE_MS = 1_000;
const CAP_MS = 20_000;

/**
 * Delay in milliseconds before attempt `attempt` (0 = the first after a loss). `random` lies in [0, 1).
 * A server that said when to come back is taken at its word, plus jitter.
 */
export function reconnectDelayMs(attempt: number, random: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10));
  const jittered = ceiling * (0.3 + 0.7 * random);
  return Math.round(retryAfterMs === null ? jittered : retryAfterMs + BASE_MS * random);
}

/** How long a question to a hub that is away waits before it is asked again: longer each time, and never in step with other pages. */

const BASE_MS = 1_000;
const CAP_MS = 15_000;

/** Delay before try `attempt` + 1, counted from 0. `random` lies in [0, 1). */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.round(Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10)) * (0.5 + random));
}

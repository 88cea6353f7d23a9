/** What part of a period a chart shows, how that changes by zoom and pan, and where things stand in it. */

export type Range = { from: number; to: number };

/** Nobody needs to see less than this at once. */
export const MIN_SPAN_MS = 60_000;

/** `range` moved and, if it must be, shortened into `bounds`. */
export function within(range: Range, bounds: Range): Range {
  const span = Math.min(Math.max(range.to - range.from, MIN_SPAN_MS), Math.max(bounds.to - bounds.from, MIN_SPAN_MS));
  const from = Math.min(Math.max(range.from, bounds.from), Math.max(bounds.from, bounds.to - span));
  return { from, to: from + span };
}

/** Shows `factor` times as much; the moment `at` stays where it is. */
export function zoom(range: Range, bounds: Range, factor: number, at: number): Range {
  const span = Math.min(Math.max((range.to - range.from) * factor, MIN_SPAN_MS), bounds.to - bounds.from);
  const share = (at - range.from) / (range.to - range.from);
  const from = at - share * span;
  return within({ from, to: from + span }, bounds);
}

export function pan(range: Range, bounds: Range, by: number): Range {
  return within({ from: range.from + by, to: range.to + by }, bounds);
}

/** Moves as little as it must for a part to be seen; a part that is longer than the range is seen from its begin. */
export function reveal(range: Range, bounds: Range, part: Range): Range {
  const span = range.to - range.from;
  const air = span * 0.05;
  if (part.from >= range.from && part.to <= range.to) return range;
  if (part.from < range.from || part.to - part.from > span) return pan(range, bounds, part.from - air - range.from);
  return pan(range, bounds, part.to + air - range.to);
}

/** Two fingers: the moments that were under them when they came down stay under them. */
export function pinch(bounds: Range, moments: readonly [number, number], shares: readonly [number, number]): Range | null {
  const distance = shares[1] - shares[0];
  const span = (moments[1] - moments[0]) / distance;
  if (!Number.isFinite(span) || span <= 0) return null;
  const from = moments[0] - shares[0] * span;
  return within({ from, to: from + span }, bounds);
}

const MINUTE = 60_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1_440].map((minutes) => minutes * MINUTE);

/** Moments for the time axis, at most `most`, on round times of a zone that is `offset` ahead of UTC. */
export function ticks({ from, to }: Range, most: number, offset: number): number[] {
  const step = STEPS.find((candidate) => (to - from) / candidate <= most) ?? STEPS[STEPS.length - 1] ?? MINUTE;
  const first = Math.ceil((from + offset) / step) * step - offset;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
}

/** How far the wall clocks of a zone are ahead of UTC at a moment; 0 for a zone that this browser does not know. */
export function zoneOffset(at: number, timeZone: string | undefined): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at / 1_000) * 1_000;
  } catch {
    return 0;
  }
}

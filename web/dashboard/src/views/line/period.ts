/** The period that timeline, hours, stops and Pareto are about. */
import type { Shift } from './data';
import type { Range } from './timeline/scale';

export const PERIODS = ['shift', '8h', '24h'] as const;
export type PeriodName = (typeof PERIODS)[number];
export type Period = Range & { name: PeriodName };

const HOUR_MS = 3_600_000;
/** Sliding periods end at a round time, so that what was read for them can be used for a while. */
const STEP_MS = 600_000;

/** What is wanted; without a shift the last eight hours stand in for it. */
export function periodOf(wanted: PeriodName, shift: Pick<Shift, 'from' | 'to'> | null, now: number): Period {
  if (wanted === 'shift' && shift?.from !== undefined && shift.to !== undefined) return { name: 'shift', from: shift.from, to: shift.to };
  const to = Math.ceil((now + 1) / STEP_MS) * STEP_MS;
  return wanted === '24h' ? { name: '24h', from: to - 24 * HOUR_MS, to } : { name: '8h', from: to - 8 * HOUR_MS, to };
}

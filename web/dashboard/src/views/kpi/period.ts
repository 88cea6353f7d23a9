/** How pieces of time are called: hours by clock, shifts by name, days by date. */
import type { Formats } from '../../format/format';
import type { Range } from '../line/timeline/scale';
import type { Piece } from './data';
import type { Bucket } from './span';

export function periodOf({ from, to, shift }: Pick<Piece, 'from' | 'to' | 'shift'>, bucket: Bucket, formats: Formats, between: string): string {
  if (bucket === 'day') return formats.day(from);
  if (bucket === 'shift') return `${shift ?? between} · ${formats.dayAndClock(from)}`;
  return `${formats.dayAndClock(from)} – ${formats.clock(to)}`;
}

/** The same where the day is said elsewhere or room is short. */
export function shortPeriodOf({ from }: Pick<Piece, 'from'>, bucket: Bucket, formats: Formats, days: number): string {
  return bucket === 'day' || (days > 2 && bucket === 'shift') ? formats.day(from) : days > 1 ? formats.dayAndClock(from) : formats.clock(from);
}

/** A span from its first to its last moment. */
export function spanText({ from, to }: Range, formats: Formats): string {
  return `${formats.dayAndClock(from)} – ${formats.day(from) === formats.day(to) ? formats.clock(to) : formats.dayAndClock(to)}`;
}

/** How pieces of time are called: hours by clock, shifts by name, days by date. */
import type { Formats } from '../../format/format';
import type { Range } from '../line/timeline/scale';
import type { Piece } from './data';
import type { Bucket } from './span';

/** `short`: an hour of a day that is said elsewhere. */
export function periodOf({ from, to, shift }: Pick<Piece, 'from' | 'to' | 'shift'>, bucket: Bucket, formats: Formats, between: string, short = false): string {
  if (bucket === 'day') return formats.day(from);
  if (bucket === 'shift') return `${shift ?? between} · ${formats.dayAndClock(from)}`;
  return `${(short ? formats.clock : formats.dayAndClock)(from)}\u00a0–\u00a0${formats.clock(to)}`;
}

/** Where room is short. */
export function shortPeriodOf({ from }: Pick<Piece, 'from'>, bucket: Bucket, formats: Formats, days: number): string {
  return bucket === 'day' || (days > 2 && bucket === 'shift') ? formats.day(from) : days > 1 ? formats.dayAndClock(from) : formats.clock(from);
}

/** A span from its first to its last moment. */
export function spanText({ from, to }: Range, formats: Formats): string {
  return `${formats.dayAndClock(from)} – ${formats.day(from) === formats.day(to) ? formats.clock(to) : formats.dayAndClock(to)}`;
}

/** Whether all of it lies within one day. */
export function withinDay(pieces: readonly Pick<Piece, 'from'>[], formats: Formats): boolean {
  const [first] = pieces;
  const last = pieces.at(-1);
  return first !== undefined && last !== undefined && formats.day(first.from) === formats.day(last.from);
}

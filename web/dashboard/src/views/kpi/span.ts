/** Which time the view is about and how it is cut: presets in the site's zone, own spans, and the buckets that fit. */
import { type Range, zoneOffset } from '../line/timeline/scale';

export const SPANS = ['shift', 'today', 'yesterday', '7d', '30d'] as const;
export type SpanName = (typeof SPANS)[number];
export const BUCKETS = ['hour', 'shift', 'day'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** What the address says; a span of its own has both ends. */
export type Choice = {
  line: string | null;
  span: SpanName | 'own';
  own: Range | null;
  /** Null: what suits the span. */
  bucket: Bucket | null;
  /** The begin of the bucket that is opened; null is the whole span. */
  open: number | null;
  /** The loss whose stops are shown. */
  loss: string | null;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The limits of the hub. */
const MAX_HOURS_MS = 31 * DAY_MS;
export const MAX_SPAN_MS = 400 * DAY_MS;
export const MAX_LOSS_MS = 92 * DAY_MS;
const MAX_ITEMS = 2_000;
/** A local day may have 23 hours. */
const SHORT_DAY_MS = 23 * HOUR_MS;
const SHORTEST_SHIFT_MS = 4 * HOUR_MS;

export function readChoice(params: URLSearchParams): Choice {
  const own = ownRange(params.get('from'), params.get('to'));
  return {
    line: params.get('line') === '' ? null : params.get('line'),
    span: own === null ? (SPANS.find((name) => name === params.get('span')) ?? 'today') : 'own',
    own,
    bucket: BUCKETS.find((name) => name === params.get('bucket')) ?? null,
    open: instantOf(params.get('open')),
    loss: params.get('loss'),
  };
}

export function writeChoice({ line, span, own, bucket, open, loss }: Choice): URLSearchParams {
  const params = new URLSearchParams();
  if (line !== null) params.set('line', line);
  if (span === 'own' && own !== null) {
    params.set('from', new Date(own.from).toISOString());
    params.set('to', new Date(own.to).toISOString());
  } else if (span !== 'own' && span !== 'today') params.set('span', span);
  if (bucket !== null) params.set('bucket', bucket);
  if (open !== null) params.set('open', new Date(open).toISOString());
  if (loss !== null) params.set('loss', loss);
  return params;
}

function instantOf(text: string | null): number | null {
  const at = text === null ? NaN : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}

function ownRange(fromText: string | null, toText: string | null): Range | null {
  const [from, to] = [instantOf(fromText), instantOf(toText)];
  return from === null || to === null || from >= to || to - from > MAX_SPAN_MS ? null : { from, to };
}

/** The first instant of the local day `days` after the one that `at` lies in. */
export function midnight(at: number, days: number, timeZone: string | undefined): number {
  const local = (Math.floor((at + zoneOffset(at, timeZone)) / DAY_MS) + days) * DAY_MS;
  return fromLocal(local, timeZone);
}

/** The instant at which the clocks of a zone show `local` (written as if it were UTC). */
function fromLocal(local: number, timeZone: string | undefined): number {
  const guess = local - zoneOffset(local, timeZone);
  return local - zoneOffset(guess, timeZone);
}

/** The newest shift that has begun; null while there is none. */
export function currentShift(shifts: readonly Range[], now: number): Range | null {
  return shifts.filter(({ from }) => from <= now).sort((a, b) => b.from - a.from)[0] ?? null;
}

/** The span in time; null where it is the shift and no shift is known. */
export function rangeOf({ span, own }: Pick<Choice, 'span' | 'own'>, now: number, timeZone: string | undefined, shift: Range | null): Range | null {
  const days = (from: number, to: number) => ({ from: midnight(now, from, timeZone), to: midnight(now, to, timeZone) });
  switch (span) {
    case 'own': return own;
    case 'shift': return shift;
    case 'today': return days(0, 1);
    case 'yesterday': return days(-1, 0);
    case '7d': return days(-6, 1);
    case '30d': return days(-29, 1);
  }
}

/** How the span may be cut when so many lines are shown. */
export function bucketsFor({ from, to }: Range, lines: number): Bucket[] {
  const length = to - from;
  const fits = (each: number) => Math.ceil(length / each) * Math.max(1, lines) <= MAX_ITEMS;
  return BUCKETS.filter((bucket) => {
    if (bucket === 'hour') return length <= MAX_HOURS_MS && fits(HOUR_MS);
    return bucket === 'shift' ? length >= SHORTEST_SHIFT_MS && fits(SHORTEST_SHIFT_MS) : length >= SHORT_DAY_MS;
  });
}

/** What is wished for if it fits, else what is easiest to read of the span. */
export function bucketOf(wished: Bucket | null, range: Range, lines: number): Bucket {
  const allowed = bucketsFor(range, lines);
  if (wished !== null && allowed.includes(wished)) return wished;
  const length = range.to - range.from;
  const suits: Bucket = length <= 2 * DAY_MS ? 'hour' : length <= 10 * DAY_MS ? 'shift' : 'day';
  const coarser = BUCKETS.slice(BUCKETS.indexOf(suits)).find((bucket) => allowed.includes(bucket));
  return coarser ?? allowed[0] ?? 'day';
}

/** For an input of local date and time. */
export function toField(at: number, timeZone: string | undefined): string {
  return new Date(at + zoneOffset(at, timeZone)).toISOString().slice(0, 16);
}

export function fromField(text: string, timeZone: string | undefined): number | null {
  const local = instantOf(`${text}Z`);
  return local === null ? null : fromLocal(local, timeZone);
}

/** Local time with its offset: `2026-11-24T06:00:00+01:00`. */
export function localIso(at: number, timeZone: string | undefined): string {
  const offset = zoneOffset(at, timeZone);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${new Date(at + offset).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

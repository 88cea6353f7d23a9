/** Numbers, quantities, dates and ages as the user's locale writes them. */

/** What is shown where nothing is known: never 0, never 100 %. */
export const NO_DATA = '–';

/** A quantity as it comes from the hub: a decimal string, so that no digit is lost on the way. */
export type Quantity = string | number;

export type Formats = ReturnType<typeof formatsFor>;

const DAY_S = 86_400;
const HOUR_S = 3_600;
const MINUTE_S = 60;

/** The formats of one locale; times are those of `timeZone`, the site's, or the browser's if it is not known. */
export function formatsFor(locale: string, timeZone?: string) {
  const zone = knownZone(timeZone);
  const quantity = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 4 });
  const ratio = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const exactRatio = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 3, signDisplay: 'exceptZero' });
  const shortSigned = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', notation: 'compact', maximumSignificantDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: 'unit', unit: 'percent', maximumFractionDigits: 3 });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone });
  const clockSeconds = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', ...zone });
  const clockMillis = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, ...zone });
  const dayAndClock = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', ...zone });
  const day = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', ...zone });
  const dayKey = new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...zone });
  const unit = (name: string) => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'narrow' });
  const [days, hours, minutes, seconds] = [unit('day'), unit('hour'), unit('minute'), unit('second')];

  return {
    /** `"1250.5"` → `1,250.5`. */
    quantity: (value: Quantity | undefined) => (value === undefined ? NO_DATA : quantity.format(value as Intl.StringNumericLiteral | number)),
    /** The same where room is short: the digits that matter from ten metres. The exact value belongs in a title. */
    shortQuantity: (value: Quantity | undefined) => {
      if (value === undefined) return NO_DATA;
      const size = Math.abs(Number(value));
      return (size < 100 ? quantity : size < 100_000 ? whole : compact).format(Number(value));
    },
    /** More or less than something: `+3`, `−12`. */
    difference: (value: number) => signed.format(value),
    /** A difference where room is short: `+12`, `−3`, `0`. */
    shortDifference: (value: number) => shortSigned.format(value).replace('-', '\u2212'),
    ratio: (value: number | undefined) => (value === undefined ? NO_DATA : ratio.format(value)),
    /** To a tenth of a percent, where figures are compared. */
    exactRatio: (value: number | undefined) => (value === undefined ? NO_DATA : exactRatio.format(value)),
    /** A number that is a percentage already: `56` → `56%`. */
    percent: (value: number) => percent.format(value),
    /** What stands between whole and fraction. */
    separator: quantity.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.',
    /** Revolutions per minute have another sign in French. */
    rpm: locale.startsWith('fr') ? 'tr/min' : 'rpm',
    clock: (ms: number) => clock.format(ms),
    day: (ms: number) => day.format(ms),
    dayAndClock: (ms: number) => dayAndClock.format(ms),
    clockSeconds: (ms: number) => clockSeconds.format(ms),
    /** To the millisecond, for those who look for the order of messages. */
    clockMillis: (ms: number) => clockMillis.format(ms),
    /** To the second, with the day when it is another than that of `now`. */
    exactMoment: (ms: number, now: number) => (dayKey.format(ms) === dayKey.format(now) ? clockSeconds : dayAndClock).format(ms),
    /** The time alone when it is within the same day as `now`, else with the day. */
    moment: (ms: number, now: number) => (dayKey.format(ms) === dayKey.format(now) ? clock : dayAndClock).format(ms),
    /** `12m 34s`, `3h 05m`, `2d 4h`: the two units that matter. A moment ahead of the clock counts as now. */
    age: (ms: number) => {
      const total = Math.max(0, Math.floor(ms / 1000));
      const pair = (big: Intl.NumberFormat, a: number, small: Intl.NumberFormat, b: number) => `${big.format(a)} ${small.format(b)}`;
      if (total < MINUTE_S) return seconds.format(total);
      if (total < HOUR_S) return pair(minutes, Math.floor(total / MINUTE_S), seconds, total % MINUTE_S);
      if (total < DAY_S) return pair(hours, Math.floor(total / HOUR_S), minutes, Math.floor((total % HOUR_S) / MINUTE_S));
      return pair(days, Math.floor(total / DAY_S), hours, Math.floor((total % DAY_S) / HOUR_S));
    },
    /** To the second and in hours at most, so that sums of times can be worked out again: `26h 05m 12s`. */
    exactSpan: (ms: number) => {
      const total = Math.max(0, Math.round(ms / 1000));
      const parts = [minutes.format(Math.floor((total % HOUR_S) / MINUTE_S)), seconds.format(total % MINUTE_S)];
      if (total < MINUTE_S) return seconds.format(total);
      return (total < HOUR_S ? parts : [hours.format(Math.floor(total / HOUR_S)), ...parts]).join(' ');
    },
    /** A length where seconds say nothing: `34m`, `3h 05m`, `2d 4h`. */
    span: (ms: number) => {
      const total = Math.max(0, Math.round(ms / 60_000)) * MINUTE_S;
      if (total < HOUR_S) return minutes.format(total / MINUTE_S);
      const [big, a, small, b] = total < DAY_S ? [hours, total / HOUR_S, minutes, (total % HOUR_S) / MINUTE_S] : [days, total / DAY_S, hours, (total % DAY_S) / HOUR_S];
      return `${big.format(Math.floor(a))} ${small.format(Math.floor(b))}`;
    },
    /** `34s`, `14m`, `3h 5m`, `2d`: the same where room is short. */
    shortAge: (ms: number) => {
      const total = Math.max(0, Math.floor(ms / 1000));
      if (total < MINUTE_S) return seconds.format(total);
      if (total < HOUR_S) return minutes.format(Math.floor(total / MINUTE_S));
      if (total < 10 * HOUR_S) return `${hours.format(Math.floor(total / HOUR_S))} ${minutes.format(Math.floor((total % HOUR_S) / MINUTE_S))}`;
      return total < DAY_S ? hours.format(Math.floor(total / HOUR_S)) : days.format(Math.floor(total / DAY_S));
    },
  };
}

/** A zone that this browser does not know must not take the board down. */
function knownZone(timeZone: string | undefined): { timeZone?: string } {
  if (timeZone === undefined) return {};
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return { timeZone };
  } catch {
    return {};
  }
}

/** What a metric is called and measured in: its name ends in its unit, as in `spindle_speed_rpm`. */
import type { Formats } from './format';

/** Suffix → sign of the unit. The longest suffix that fits counts. */
const UNITS: Readonly<Record<string, string>> = {
  pct: '%', rpm: 'rpm', hz: 'Hz', deg: '°', deg_c: '°C', degc: '°C', celsius: '°C', c: '°C', k: 'K',
  mm: 'mm', um: 'µm', cm: 'cm', m: 'm', mm_s: 'mm/s', mm_s2: 'mm/s²', m_s: 'm/s', m_s2: 'm/s²', mm_min: 'mm/min', m_min: 'm/min', mm_rev: 'mm/rev',
  s: 's', ms: 'ms', min: 'min', h: 'h',
  w: 'W', kw: 'kW', wh: 'Wh', kwh: 'kWh', mwh: 'MWh', kvar: 'kvar', kvarh: 'kvarh', kva: 'kVA', v: 'V', a: 'A', ma: 'mA',
  g: 'g', kg: 'kg', t: 't', kg_h: 'kg/h', t_h: 't/h', n: 'N', kn: 'kN', nm: 'Nm', bar: 'bar', mbar: 'mbar', pa: 'Pa', kpa: 'kPa', mpa: 'MPa',
  l: 'l', l_min: 'l/min', m3: 'm³', m3_h: 'm³/h', db: 'dB', ppm: 'ppm',
};
const LONGEST_PARTS = 2;

export type Metric = { label: string; unit: string | null };

/** `spindle_speed_rpm` → “Spindle speed” in rpm; a name without a known unit keeps all its words. */
export function metricOf(name: string): Metric {
  const words = name.split('_');
  for (let parts = Math.min(LONGEST_PARTS, words.length - 1); parts > 0; parts -= 1) {
    const suffix = words.slice(-parts).join('_');
    if (Object.hasOwn(UNITS, suffix)) return { label: inWords(words.slice(0, -parts)), unit: UNITS[suffix] ?? null };
  }
  return { label: inWords(words), unit: null };
}

function inWords(words: readonly string[]): string {
  const text = words.filter((word) => word !== '').join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A number with its unit, as the locale writes them. */
export function withUnit(value: number, unit: string | null, formats: Formats): string {
  if (unit === null) return formats.quantity(value);
  if (unit === '%') return formats.percent(value);
  if (unit === 'rpm') return `${formats.quantity(value)}\u00a0${formats.rpm}`;
  return unit === '°' ? `${formats.quantity(value)}°` : `${formats.quantity(value)}\u00a0${unit}`;
}

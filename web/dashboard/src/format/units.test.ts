/** Names and units of metrics, from nothing but their names. */
import { describe, expect, it } from 'vitest';
import { formatsFor } from './format';
import { metricOf, withUnit } from './units';

describe('a metric', () => {
  it.each([
    ['spindle_speed_rpm', 'Spindle speed', 'rpm'],
    ['s1_load_pct', 'S1 load', '%'],
    ['feed_mm_s', 'Feed', 'mm/s'],
    ['feed_target_mm_min', 'Feed target', 'mm/min'],
    ['path_x_mm', 'Path x', 'mm'],
    ['energy_kwh', 'Energy', 'kWh'],
    ['program_runtime_s', 'Program runtime', 's'],
    ['co2_t', 'Co2', 't'],
    ['tool_number', 'Tool number', null],
    ['tool', 'Tool', null],
    ['s', 'S', null],
    ['mm_s', 'Mm', 's'],
    ['x_constructor', 'X constructor', null],
  ])('%s is “%s” in %s', (name, label, unit) => {
    expect(metricOf(name)).toEqual({ label, unit });
  });

  it('is written as the locale does', () => {
    const [en, fr] = [formatsFor('en-GB', 'UTC'), formatsFor('fr-FR', 'UTC')];
    const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
    expect(withUnit(56, '%', en)).toBe('56%');
    expect(plain(withUnit(56.5, '%', fr))).toBe('56,5 %');
    expect(plain(withUnit(1_500, 'rpm', en))).toBe('1,500 rpm');
    expect(plain(withUnit(1_500, 'rpm', fr))).toBe('1 500 tr/min');
    expect(withUnit(4.5, '°', en)).toBe('4.5°');
    expect(withUnit(7, null, en)).toBe('7');
  });
});

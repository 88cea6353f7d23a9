/** Formats by locale. */
import { describe, expect, it } from 'vitest';
import { formatsFor, NO_DATA } from './format';

/** Locales separate groups and units with several kinds of space. */
const plain = (text: string) => text.replace(/\s/gu, ' ');
const en = formatsFor('en-GB', 'Europe/Paris');
const fr = formatsFor('fr-FR', 'Europe/Paris');

describe('formats', () => {
  it('write quantities exactly, also beyond what a float holds', () => {
    expect(en.quantity('1250.5')).toBe('1,250.5');
    expect(plain(fr.quantity('1250.5'))).toBe('1 250,5');
    expect(en.quantity('9007199254740993.125')).toBe('9,007,199,254,740,993.125');
    expect(en.quantity(undefined)).toBe(NO_DATA);
  });

  it('shorten what is read from afar', () => {
    expect(['2.125', '1250.5', '1234567'].map(en.shortQuantity)).toEqual(['2.125', '1,251', '1.235m']);
    expect(en.shortQuantity(undefined)).toBe(NO_DATA);
  });

  it('never turn no data into a number', () => {
    expect(en.ratio(undefined)).toBe(NO_DATA);
    expect(en.ratio(0)).toBe('0%');
    expect(plain(fr.ratio(0.714))).toBe('71 %');
  });

  it('show the two units of an age that matter', () => {
    expect(en.age(-500)).toBe('0s');
    expect(en.age(59_999)).toBe('59s');
    expect(en.age(754_000)).toBe('12m 34s');
    expect(en.age(3_600_000 * 3 + 5 * 60_000)).toBe('3h 5m');
    expect(en.age(86_400_000 * 2 + 3_600_000 * 4)).toBe('2d 4h');
    expect(plain(fr.age(86_400_000 * 2))).toMatch(/^2 ?j 0 ?h$/);
  });

  it('use the time of the site and add the day when it is another', () => {
    const noon = Date.UTC(2026, 10, 22, 12);
    expect(en.clock(noon)).toBe('13:00');
    expect(en.moment(noon, noon + 60_000)).toBe('13:00');
    expect(en.moment(noon, noon + 86_400_000)).toContain('22 Nov');
  });

  it('fall back to the browser where the zone is unknown', () => {
    expect(() => formatsFor('en-GB', 'Mars/Olympus').clock(0)).not.toThrow();
  });
});

/** What is typed on the number pad: digits and one separator, as text until it is a number. */
import { z } from '../../zod';

export const SEPARATOR = '.';
/** With three decimals, well inside what a number holds exactly. */
const MAX_WHOLE = 7;
const MAX_DECIMALS = 3;

/** The text after a key; what makes no number is not taken. A comma counts as the separator. */
export function typed(text: string, key: string): string {
  if (key === 'Backspace') return text.slice(0, -1);
  const next = normal(text + key);
  return next ?? text;
}

/** Undefined for what is not the beginning of a quantity. */
export function normal(text: string): string | undefined {
  const plain = text.replace(',', SEPARATOR).replace(/^0+(?=\d)/, '').replace(/^\./, '0.');
  return new RegExp(`^(\\d{0,${MAX_WHOLE}})(\\.\\d{0,${MAX_DECIMALS}})?$`).test(plain) ? plain : undefined;
}

/** More than nothing. */
export const scrapQuantity = z.string().transform(Number).pipe(z.number().positive());

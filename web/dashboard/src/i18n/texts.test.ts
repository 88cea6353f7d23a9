/** Both languages are complete: no empty text, the same placeholders. The same keys are ensured by the type. */
import { expect, it } from 'vitest';
import { en } from './en';
import { fr } from './fr';

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`)));
}

const placeholders = (text: string) => (text.match(/\{\{[^}]+\}\}/g) ?? []).sort();

it.each(flatten(en))('%s exists in French with the same placeholders', (key, english) => {
  const french = new Map(flatten(fr)).get(key) ?? '';
  expect(english.trim()).not.toBe('');
  expect(french.trim()).not.toBe('');
  expect(placeholders(french)).toEqual(placeholders(english));
});

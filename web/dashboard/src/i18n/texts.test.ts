/** Both languages are complete: the same keys and placeholders, no empty text, no key unused or unknown, nothing said without a key. */
import { describe, expect, it } from 'vitest';
import { en } from './en';
import { fr } from './fr';
import { readSource, stands } from './source';

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`)));
}

const english = new Map(flatten(en));
const french = new Map(flatten(fr));
const placeholders = (text: string) => (text.match(/\{\{[^}]+\}\}/g) ?? []).sort();

describe('the languages', () => {
  it('have the same keys', () => {
    expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each([...english])('%s exists in both with the same placeholders', (key, text) => {
    const translated = french.get(key) ?? '';
    expect(text.trim()).not.toBe('');
    expect(translated.trim()).not.toBe('');
    expect(placeholders(translated)).toEqual(placeholders(text));
  });

  it('French has its own apostrophe and a space before its signs', () => {
    const faults = [...french].filter(([, text]) => /\p{L}'\p{L}|[\p{L}\p{N})»][?!;]|[\p{L})»]:(\s|$)/u.test(text.replaceAll(/\{\{[^}]+\}\}/g, 'x')));
    expect(faults).toEqual([]);
  });
});

/** The same in every language: units and signs that are no words, and names. */
const SIGNS = /^(s|min|h|px|TopSteel Hub)$/;

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
const files = Object.entries(sources).filter(([name]) => !/\.test\.tsx?$/.test(name) && !name.startsWith('./') && !name.startsWith('../i18n/'));
const found = files.map(([name, text]) => readSource(name, text, (said) => SIGNS.test(said)));
const used = found.flatMap(({ keys }) => [...keys]);

describe('the source', () => {
  it('is there to be read', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each([...english.keys()])('uses the key %s', (key) => {
    // i18next picks `key_one` or `key_other` where `key` is asked for with a count.
    const asked = key.replace(/_(one|many|other)$/, '');
    expect(used.some((name) => stands(name, asked))).toBe(true);
  });

  // The compiler refuses an unknown key in `t('…')`; this sees also what is handed on as a plain string.
  it('uses no key that does not exist', () => {
    const groups = new Set([...english.keys()].map((key) => key.split('.')[0]));
    const keys = [...english.keys()];
    const looksLikeKey = (name: string) => /^[a-z]\w*(\.[\w*]+)+$/.test(name) && groups.has(name.split('.')[0]);
    const unknown = used.filter((name) => looksLikeKey(name) && !keys.some((key) => stands(name, key) || stands(name, key.replace(/_(one|many|other)$/, ''))));
    expect(unknown).toEqual([]);
  });

  it('says nothing without a key', () => {
    expect(found.flatMap(({ bare }) => bare)).toEqual([]);
  });

  it('would be found to say something without a key', () => {
    const bare = (text: string) => readSource('a.tsx', text, () => false).bare.length;
    expect(bare('<p>Hello</p>')).toBe(1);
    expect(bare("<p title='Hello'>{x}</p>")).toBe(1);
    expect(bare("<p>{down ? 'Down' : `Up ${n}`}</p>")).toBe(2);
    expect(bare('<p className="x">{t("a.b")} / 3 · {n}</p>')).toBe(0);
  });
});

/** Merge patch: the examples of RFC 7396, and the sharing on which painting depends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, type JsonValue, mergePatch } from './merge';

/** The pseudo-code of RFC 7396 section 2, word for word, as the reference. */
function reference(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const result = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, reference(result.get(name), value));
  }
  return Object.fromEntries(result);
}

const json = fc.object({ maxDepth: 3, key: fc.constantFrom('a', 'b', 'c', '__proto__'), values: [fc.integer(), fc.string(), fc.boolean(), fc.constant(null)] });
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as JsonObject;

describe('mergePatch', () => {
  it.each<[JsonObject, JsonObject, JsonObject]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(mergePatch(target, patch)).toEqual(expected);
  });

  it('agrees with the reference and changes neither argument', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [target, patch] = [asJson(a), asJson(b)];
        const before = JSON.stringify([target, patch]);
        expect(mergePatch(target, patch)).toEqual(reference(target, patch));
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });

  it('keeps the identity of what a patch does not change', () => {
    const target: JsonObject = { lines: { a: { status: 'running' }, b: { status: 'down' } } };
    const merged = mergePatch(target, { lines: { b: { status: 'running' } } });
    const before = target['lines'] as JsonObject;
    const after = merged['lines'] as JsonObject;
    expect(after['a']).toBe(before['a']);
    expect(after['b']).not.toBe(before['b']);
  });

  it('returns the same object when a patch repeats what is known', () => {
    const target: JsonObject = { a: { b: 1, c: [1, 2] } };
    expect(mergePatch(target, { a: { b: 1, c: [1, 2] }, x: null })).toBe(target);
  });
});

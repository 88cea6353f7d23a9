/** The pieces that the hub's JSON is made of, and how a collection of the live store is read without reading twice. */
import { isJsonObject, type JsonObject, type JsonValue } from '../live/merge';
import { z } from '../zod';

/** At most 3 decimals; a decimal string, so that no digit is lost on the way. */
export const quantity = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]);
export const ratio = z.union([z.number(), z.string().transform(Number)]).refine(Number.isFinite);
/** RFC 3339 to epoch milliseconds. */
export const instant = z.string().transform((text) => Date.parse(text)).refine(Number.isFinite);

/** Reads the members of a collection keyed by code or id. An unchanged member keeps its identity in the live store, so it is read once. */
export function collectionReader<T>(read: (key: string, data: JsonObject) => T | null): (collection: JsonValue | undefined) => T[] {
  const known = new WeakMap<JsonObject, T | null>();
  return (collection) => {
    if (!isJsonObject(collection)) return [];
    return Object.entries(collection).flatMap(([key, data]) => {
      if (!isJsonObject(data)) return [];
      const before = known.get(data);
      const member = before === undefined ? read(key, data) : before;
      known.set(data, member);
      return member === null ? [] : [member];
    });
  };
}

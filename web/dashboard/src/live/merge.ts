/** RFC 7396 merge patch with structural sharing: what a patch does not change keeps its identity, so its tile does not paint. */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export type JsonObject = { readonly [key: string]: JsonValue };

/** True for a JSON object; arrays and null are values that a patch replaces whole. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Applies `patch` to `target` and never changes either; returns `target` itself when nothing differs. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  let copy: Record<string, JsonValue> | undefined;
  for (const key of Object.keys(patch)) {
    const change = patch[key];
    if (change === undefined) continue;
    const present = Object.hasOwn(target, key);
    const before = present ? target[key] : undefined;
    if (change === null) {
      if (!present) continue;
      copy ??= { ...target };
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- collections are JSON objects keyed by code
      delete copy[key];
      continue;
    }
    const after = isJsonObject(change) ? mergePatch(isJsonObject(before) ? before : EMPTY, change) : change;
    if (present && sameValue(before, after)) continue;
    copy ??= { ...target };
    define(copy, key, after);
  }
  return copy ?? target;
}

const EMPTY: JsonObject = Object.freeze({});

/** Identity for objects and scalars; arrays are compared by content because a patch always sends them whole. */
function sameValue(before: JsonValue | undefined, after: JsonValue): boolean {
  if (before === after) return true;
  return Array.isArray(before) && Array.isArray(after) && JSON.stringify(before) === JSON.stringify(after);
}

/** A plain assignment to `__proto__` would change the prototype instead of adding a member. */
function define(object: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

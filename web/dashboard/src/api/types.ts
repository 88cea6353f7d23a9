/** The types that the hub's OpenAPI document gives to what is read, and the tie between them and the checks at run time. */
import type { z } from '../zod';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];

type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : never;

/** What a path answers when all is well: `Answer<'/api/v1/sites', 'get'>`. */
export type Answer<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends { responses: infer R }
  ? Json<R[keyof R & (200 | 201)]>
  : never;

/** The keys of each member of a union, not only those that all have. */
type KeysOf<T> = T extends unknown ? keyof T : never;

/**
 * A Zod schema of a document's type. It does not compile if the hub may send what the schema refuses, or if the schema
 * looks for a member that the hub never sends; leaving out what is not needed is fine.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- either all type parameters of a call are given or none, so D has a call of its own
export function reads<D>() {
  return <S extends z.ZodType>(
    schema: S & ([D] extends [z.input<S>] ? ([KeysOf<z.input<S>>] extends [KeysOf<D>] ? unknown : never) : never),
  ): S => schema;
}

/** Compiles only if it is true. */
export type Expect<T extends true> = T;
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

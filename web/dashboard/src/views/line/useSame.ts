/** Keeps a list as it was as long as its members are the same, so that what follows from it is not worked out again with every measure. */
import { useState } from 'react';

export function useSame<T>(list: readonly T[], equal: (a: T, b: T) => boolean = Object.is): readonly T[] {
  const [kept, keep] = useState(list);
  if (kept === list || sameMembers(kept, list, equal)) return kept;
  keep(list);
  return list;
}

export function sameMembers<T>(a: readonly T[], b: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((member, index) => equal(member, b[index] as T));
}

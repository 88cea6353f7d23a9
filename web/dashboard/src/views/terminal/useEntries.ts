/** The entries of the signed-in user, followed as they change and age. */
import { useMemo } from 'react';
import { useServerNow } from '../../app/hooks';
import type { Owner } from '../../outbox/entry';
import { useOutbox } from '../../outbox/outbox';
import type { LineRef } from '../../stops/api';
import { type Entries, entriesOf } from './entries';

export function useEntries(owner: Owner, place: LineRef): Entries {
  const state = useOutbox();
  const now = useServerNow();
  return useMemo(() => entriesOf(state, owner, place, now), [state, owner, place, now]);
}

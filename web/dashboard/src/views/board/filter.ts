/** Which lines are wanted. The filter lives in the address, so that a wall board can be opened with it. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { GROUPS, type Group } from './need';

export type Filter = { group: Group | 'all'; text: string };
export const EVERYTHING: Filter = { group: 'all', text: '' };

export function useFilter(): [Filter, (filter: Filter) => void] {
  const [params, setParams] = useSearchParams();
  const show = params.get('show');
  const text = params.get('find') ?? '';
  const group: Group | 'all' = GROUPS.find((name) => name === show) ?? 'all';
  const filter = useMemo(() => ({ group, text }), [group, text]);
  const setFilter = (next: Filter) => {
    setParams((known) => {
      const wanted = new URLSearchParams(known);
      wanted.delete('show');
      wanted.delete('find');
      if (next.group !== 'all') wanted.set('show', next.group);
      if (next.text !== '') wanted.set('find', next.text);
      return wanted;
    }, { replace: true });
  };
  return [filter, setFilter];
}

/** What the parts of this view share: the filter in the address, the text of a failure, and the codes that can be chosen. */
import { queryOptions } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Api } from '../../api/client';
import { HubProblem } from '../../api/problem';
import { z } from '../../zod';
import { type Filter, readFilter, writeFilter } from './tail';

export function useFilter(): [Filter, (change: Partial<Filter>) => void] {
  const [params, setParams] = useSearchParams();
  const filter = useMemo(() => readFilter(params), [params]);
  return [filter, (change) => { setParams((before) => writeFilter(before, { ...readFilter(before), ...change }), { replace: true }); }];
}

/** Says in words why a call failed. */
export function useFault(): (cause: Error) => string {
  const { t } = useTranslation();
  return (cause) => (cause instanceof HubProblem ? t('messages.refused', { detail: cause.detail || cause.code }) : t('messages.unreachable'));
}

const page = z.object({ items: z.array(z.object({ code: z.string(), name: z.string() })), next_cursor: z.string().nullish() });
export type Named = z.infer<typeof page>['items'][number];
const MAX_PAGES = 20;

/** The lines of a site, or the machines of a line, by name. */
export function namedQuery(api: Api, site: string, line?: string) {
  const lines = `/sites/${encodeURIComponent(site)}/lines`;
  const path = line === undefined ? lines : `${lines}/${encodeURIComponent(line)}/machines`;
  return queryOptions({
    queryKey: ['messages', 'named', site, line ?? null],
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const named: Named[] = [];
      let cursor = '';
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const { items, next_cursor: next } = await api.get(`${path}?limit=200${cursor}`, page, signal);
        named.push(...items);
        if (next === null || next === undefined) break;
        cursor = `&cursor=${encodeURIComponent(next)}`;
      }
      return named.sort((a, b) => a.name.localeCompare(b.name));
    },
  });
}

/** What the application reads by REST, as TanStack queries. */
import { queryOptions } from '@tanstack/react-query';
import { z } from '../zod';
import type { Api } from './client';
import { reads, type Answer, type Schemas } from './types';

const site = reads<Schemas['Site']>()(z.object({ code: z.string(), name: z.string(), time_zone: z.string().optional() }));
export type Site = z.infer<typeof site>;

const page = reads<Answer<'/api/v1/sites', 'get'>>()(z.object({ items: z.array(site), next_cursor: z.string().nullish() }));
const MAX_PAGES = 50;

/** Every site that the user may see, by name. */
export function sitesQuery(api: Api) {
  return queryOptions({
    queryKey: ['sites'],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const sites: Site[] = [];
      let cursor: string | null = null;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const { items, next_cursor } = await api.get(`/sites?limit=200${query}`, page, signal);
        sites.push(...items);
        cursor = next_cursor ?? null;
        if (cursor === null) break;
      }
      return sites.sort((a, b) => a.name.localeCompare(b.name));
    },
  });
}

const me = reads<Answer<'/api/v1/auth/me', 'get'>>()(z.object({
  id: z.string(),
  tenant: z.string(),
  email: z.string(),
  name: z.string().optional(),
  roles: z.array(z.string()).default([]),
  /** Null: every site. */
  sites: z.array(z.string()).nullish().transform((sites) => sites ?? null),
}));
export type Me = z.infer<typeof me>;

/** The signed-in user with roles and the sites that the user is limited to. */
export function meQuery(api: Api) {
  return queryOptions({ queryKey: ['me'], staleTime: Infinity, queryFn: ({ signal }) => api.get('/auth/me', me, signal) });
}

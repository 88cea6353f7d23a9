/** Credentials of devices: how they are read, made, renewed and revoked, and which of them concern a site. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { reads, type Answer, type Schemas } from '../../api/types';
import { instant } from '../../api/wire';
import { z } from '../../zod';
import { type Filter, isFound } from './tail';

const connection = reads<Schemas['DeviceConnection']>()(z.object({ client_id: z.string(), protocol: z.string(), peer: z.string().optional(), since: instant }));
export type Connection = z.infer<typeof connection>;

const device = reads<Schemas['Device']>()(z.object({
  username: z.string(),
  name: z.string(),
  scope: z.string(),
  created_at: instant,
  revoked_at: instant.optional(),
  connected: z.boolean(),
  connections: z.array(connection),
  last_message_at: instant.optional(),
}));
export type Device = z.infer<typeof device>;

const page = reads<Answer<'/api/v1/devices', 'get'>>()(z.object({ items: z.array(device), next_cursor: z.string().nullish() }));
/** Without an `Idempotency-Key` the token is always there. */
const credential = z.object({ username: z.string(), name: z.string(), token: z.string() });
/** The token is never shown again. */
export type Credential = z.infer<typeof credential>;

const PAGE_SIZE = 200;
const MAX_PAGES = 50;
const REFRESH_MS = 5_000;

/** Every credential that the admin reaches; the state of the connections is read again and again. */
export function devicesQuery(api: Api) {
  const path = `/devices?limit=${PAGE_SIZE}`;
  return infiniteQueryOptions({
    queryKey: ['devices'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.get(pageParam === '' ? path : `${path}&cursor=${encodeURIComponent(pageParam)}`, page, signal),
    getNextPageParam: ({ next_cursor: cursor }, pages) => (pages.length < MAX_PAGES ? cursor : undefined),
    // Each page is a call of its own.
    refetchInterval: (query) => REFRESH_MS * Math.max(1, query.state.data?.pages.length ?? 1),
  });
}

/** Not sent under a key: a remembered answer comes without its token. */
export function createDevice(api: Api, name: string, scope: string): Promise<Credential> {
  return api.post('/devices', { name, scope }, credential);
}

export function rotateDevice(api: Api, username: string): Promise<Credential> {
  return api.post(`/devices/${encodeURIComponent(username)}/rotate`, {}, credential);
}

export async function revokeDevice(api: Api, username: string): Promise<void> {
  await api.delete(`/devices/${encodeURIComponent(username)}`);
}

/** What a credential speaks for, in its parts; no site is the whole company. */
export function scopeOf(scope: string): { site?: string; line?: string; machine?: string } {
  const [site = '', line, machine] = scope.split('/');
  return { ...(site === '' ? {} : { site }), ...(line === undefined ? {} : { line }), ...(machine === undefined ? {} : { machine }) };
}

/** The scope as the hub writes it. */
export function scopeText(site: string, line: string, machine: string): string {
  return [site, line, machine].slice(0, site === '' ? 0 : line === '' ? 1 : machine === '' ? 2 : 3).join('/');
}

/** Whether the credential may speak for the site and the line and machine that are looked for. */
export function deviceMatches({ scope, username, name, connections }: Device, site: string, filter: Filter): boolean {
  const place = scopeOf(scope);
  if (place.site !== undefined && place.site !== site) return false;
  // A credential of the whole line speaks for its machines as well.
  const covers = (part: string | undefined, wanted: string) => wanted === '' || part === undefined || part === wanted;
  if (!covers(place.line, filter.line) || !covers(place.machine, filter.machine)) return false;
  return isFound({ texts: [name, username, scope, ...connections.flatMap(({ client_id: id, peer }) => [id, peer])] }, { ...filter, line: '', machine: '' });
}

/** By what they speak for, then by name; revoked ones last. */
export function byScope(devices: readonly Device[]): Device[] {
  return [...devices].sort(
    (a, b) => Number(a.revoked_at !== undefined) - Number(b.revoked_at !== undefined) || a.scope.localeCompare(b.scope) || a.name.localeCompare(b.name) || (a.username < b.username ? -1 : 1),
  );
}

/** Dead letters: how they are read page by page, sent again and thrown away, and what came of that. */
import { infiniteQueryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { newKey } from '../../api/key';
import { HubProblem } from '../../api/problem';
import { reads, type Answer, type Schemas } from '../../api/types';
import { instant } from '../../api/wire';
import { z } from '../../zod';
import { type Filter, isFound } from './tail';

const letter = reads<Schemas['DeadLetter']>()(z.object({
  id: z.string(),
  topic: z.string(),
  payload: z.string(),
  retryable: z.boolean(),
  message_id: z.string().optional(),
  code: z.string(),
  detail: z.string(),
  sender: z.string(),
  received_at: instant,
}));
export type Letter = z.infer<typeof letter>;

const page = reads<Answer<'/api/v1/dead-letters', 'get'>>()(z.object({ items: z.array(letter), next_cursor: z.string().nullish() }));
const result = reads<Answer<'/api/v1/dead-letters/{id}/retry', 'post'>>()(z.object({ status: z.enum(['accepted', 'duplicate', 'refused']), code: z.string().optional(), detail: z.string().optional() }));

const PAGE_SIZE = 50;
const MAX_PAGES = 40;
const REFRESH_MS = 5_000;

/** The dead letters of a site, the newest first. New ones come by themselves until somebody asks for older ones: then nothing moves. */
export function lettersQuery(api: Api, site: string) {
  const path = `/dead-letters?site=${encodeURIComponent(site)}&limit=${PAGE_SIZE}`;
  return infiniteQueryOptions({
    queryKey: ['dead-letters', site],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.get(pageParam === '' ? path : `${path}&cursor=${encodeURIComponent(pageParam)}`, page, signal),
    getNextPageParam: ({ next_cursor: cursor }, pages) => (pages.length < MAX_PAGES ? cursor : undefined),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 1) > 1 ? false : REFRESH_MS),
  });
}

/** What came of a letter: `gone` if somebody else was faster, `refused` if it is still here. */
export type Outcome = { kind: 'applied' | 'duplicate' | 'discarded' | 'gone' } | { kind: 'refused'; code: string; detail: string };

/** Sends it again; under a key, so that an answer that was lost does not send it a third time. */
export async function retryLetter(api: Api, id: string): Promise<Outcome> {
  const answer = await unlessGone(api.post(`/dead-letters/${encodeURIComponent(id)}/retry`, {}, result, newKey()));
  if (answer === 'gone') return { kind: 'gone' };
  if (answer.status === 'refused') return { kind: 'refused', code: answer.code ?? '', detail: answer.detail ?? '' };
  return { kind: answer.status === 'accepted' ? 'applied' : 'duplicate' };
}

export async function discardLetter(api: Api, id: string): Promise<Outcome> {
  const answer = await unlessGone(api.post(`/dead-letters/${encodeURIComponent(id)}/discard`, {}, z.unknown(), newKey()));
  return { kind: answer === 'gone' ? 'gone' : 'discarded' };
}

async function unlessGone<T>(call: Promise<T>): Promise<T | 'gone'> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof HubProblem && cause.status === 404) return 'gone';
    throw cause;
  }
}

/** A letter that has been dealt with here, and how. */
export type Settled = { letter: Letter; outcome: Outcome };

/** The letters that were read, and in their places those that were dealt with here and are gone from the hub: so one sees what came of them. */
export function withSettled(letters: readonly Letter[], settled: ReadonlyMap<string, Settled>): Letter[] {
  const byId = new Map(letters.map((one) => [one.id, one]));
  for (const [id, { letter: one, outcome }] of settled) if (outcome.kind !== 'refused') byId.set(id, one);
  return [...byId.values()].sort((a, b) => b.received_at - a.received_at || (a.id < b.id ? 1 : -1));
}

/** Line and machine that a topic names: `hub/v1/{tenant}/{site}/{line}/{machine}/{channel}`. */
export function placeOf(topic: string): { line?: string; machine?: string; channel?: string } {
  const [, , , , line, machine, channel] = topic.split('/');
  if (line === undefined || (line === 'stock' && machine === undefined)) return line === undefined ? {} : { channel: line };
  return { line, ...(machine === undefined ? {} : { machine }), ...(channel === undefined ? {} : { channel }) };
}

export function letterMatches({ topic, sender, message_id: id, code, detail, payload }: Letter, filter: Filter): boolean {
  return isFound({ ...placeOf(topic), texts: [topic, sender, id, code, detail, payload] }, filter);
}

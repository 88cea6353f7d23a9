/** One HTTP exchange with the hub: JSON in, checked JSON out, every failure as a `HubProblem` or `HubUnreachable`. */
import type { z } from '../zod';
import { HubUnreachable, problemOf } from './problem';

const BASE = '/api/v1';
/** Long enough for a hub under load, short enough that a waiting tab does not hold the refresh lock for ever. */
const TIMEOUT_MS = 15_000;

export type Exchange<T> = {
  path: string;
  schema: z.ZodType<T>;
  body?: unknown;
  /** POST if left out where there is a body. */
  method?: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | undefined;
  /** Names the write, so that the hub does it once however often it is sent. */
  key?: string | undefined;
  token?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** GET without a method and a body. An empty answer is given to the schema as `undefined`. */
export async function exchange<T>({ path, schema, body, method, key, token, signal }: Exchange<T>): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (key !== undefined) headers.set('idempotency-key', key);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const init: RequestInit = { headers, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) };
  if (method !== undefined || body !== undefined) init.method = method ?? 'POST';
  if (body !== undefined) init.body = JSON.stringify(body);
  let response: Response;
  let text: string;
  try {
    response = await fetch(BASE + path, init);
    if (!response.ok) throw await problemOf(response);
    text = await response.text();
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'HubProblem') throw cause;
    throw new HubUnreachable('the hub did not answer', { cause });
  }
  const parsed = schema.safeParse(text === '' ? undefined : parseJson(text));
  if (!parsed.success) throw new HubUnreachable('an answer of an unknown shape', { cause: parsed.error });
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

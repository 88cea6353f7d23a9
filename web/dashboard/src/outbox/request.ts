/** How an entry is said to the hub, and what the hub's answer means for it. */
import { HubProblem } from '../api/problem';
import { changeBody, linePath } from '../stops/api';
import { z } from '../zod';
import type { Entry, Instant } from './entry';
import type { Outcome } from './machine';

export type WriteRequest = {
  path: string;
  method: 'POST' | 'PATCH';
  body: unknown;
  /** Absent where the message itself carries the id. */
  key?: string;
  /** Reads the outcome from a success; what does not fit is not the hub's answer. */
  answer: z.ZodType<Outcome>;
};

/** A message that comes later than this after the entry was kept back, and says so, so that its time is believed. */
const PROMPT_MS = 30_000;

const APPLIED: Outcome = { kind: 'applied' };
const order = z.object({ code: z.string(), state: z.string() }).transform(() => APPLIED);
const stop = z.object({ id: z.string(), from: z.string() }).transform(() => APPLIED);

/** Not stored, and not at fault either. */
const WITHHELD: readonly string[] = ['overloaded', 'store_unavailable', 'line_quarantined'];
const result = z.object({ status: z.enum(['accepted', 'duplicate', 'refused']), code: z.string().default(''), detail: z.string().default('') });
const ingest = z.object({ results: z.tuple([result]) }).transform(({ results: [{ status, code, detail }] }): Outcome => {
  if (status !== 'refused') return APPLIED;
  return WITHHELD.includes(code) ? { kind: 'retry', afterMs: null } : { kind: 'refused', refusal: { status: 200, code, detail } };
});

export function requestOf(entry: Entry, now: Instant): WriteRequest {
  const { action, id: key, site, line } = entry;
  switch (action.kind) {
    case 'order':
      return { method: 'POST', path: `/orders/${encodeURIComponent(action.order)}/${action.step}`, body: {}, key, answer: order };
    case 'reason':
      return { method: 'PATCH', path: stopPath(entry, action.stop), body: changeBody({ reason: action.reason }), key, answer: stop };
    case 'comment':
      return { method: 'PATCH', path: stopPath(entry, action.stop), body: changeBody({ comment: action.comment }), key, answer: stop };
    case 'scrap': {
      const topic = `hub/v1/${entry.owner.tenant}/${site}/${line}/${action.machine}/count`;
      const buffered = entry.offline || now - entry.at > PROMPT_MS ? { buffered: true } : {};
      return { method: 'POST', path: '/ingest', body: { topic, id: key, at: new Date(entry.at).toISOString(), ...buffered, scrap: action.quantity }, answer: ingest };
    }
  }
}

const stopPath = (at: Entry, stop: string) => `${linePath(at)}/stops/${encodeURIComponent(stop)}`;

/** What a failed attempt means: only the hub's own word about the entry itself is a refusal. */
export function outcomeOf(cause: unknown): Outcome {
  if (!(cause instanceof HubProblem)) return { kind: 'retry', afterMs: null };
  const { status, code, detail, retryAfterMs } = cause;
  if (status === 401) return { kind: 'not_signed_in' };
  // A refusal without a code is a proxy's.
  const passing = status >= 500 || status === 429 || status === 408 || code === 'idempotency_key_in_use' || code === 'unknown';
  return passing ? { kind: 'retry', afterMs: retryAfterMs } : { kind: 'refused', refusal: { status, code, detail } };
}

const claims = z.object({ sub: z.string(), tenant: z.string() });

/** In whose name an access token speaks; null if it cannot be read. The hub checks the token, this only keeps names apart. */
export function speakerOf(token: string): { user: string; tenant: string } | null {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    const { sub, tenant } = claims.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { user: sub, tenant };
  } catch {
    return null;
  }
}

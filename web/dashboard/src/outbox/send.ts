/** One attempt to bring an entry to the hub, in its owner's name or not at all. */
import { exchange } from '../api/http';
import { HubProblem } from '../api/problem';
import type { Session } from '../auth/session';
import { type Entry, type Instant, isOwner } from './entry';
import type { Outcome } from './machine';
import { outcomeOf, requestOf, speakerOf } from './request';

export async function sendEntry(session: Session, entry: Entry, now: Instant): Promise<Outcome> {
  const { answer, ...request } = requestOf(entry, now);
  let rejected: string | null = null;
  for (;;) {
    const grant = await session.token(rejected);
    if (grant === 'unavailable') return { kind: 'retry', afterMs: null };
    if (grant === 'session_over') return { kind: 'not_signed_in' };
    // Another tab may have signed somebody else in a moment ago: the token says who speaks, not the screen.
    const speaker = speakerOf(grant.value);
    if (speaker === null || !isOwner(speaker, entry.owner)) return { kind: 'not_signed_in' };
    try {
      return await exchange({ ...request, schema: answer, token: grant.value });
    } catch (cause) {
      const unauthenticated = cause instanceof HubProblem && cause.status === 401;
      if (!unauthenticated || rejected !== null) return outcomeOf(cause);
      rejected = grant.value;
    }
  }
}

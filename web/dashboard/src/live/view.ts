/** What the page shows of the live store: the connection in three words, and how old a topic's copy is. */
import type { LiveState, ServerMs, Topic } from './state';

export type Connection =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'reconnecting'; since: ServerMs }
  | { kind: 'offline'; since: ServerMs | null };

/** `since` is server time as far as it is known, so that every board in the hall says the same. */
export function connectionOf(state: LiveState): Connection {
  const since = state.lostAt === null ? null : state.lostAt + (state.clockOffsetMs ?? 0);
  switch (state.link.name) {
    case 'ready':
      return { kind: 'live' };
    case 'stopped':
    case 'ended':
      return { kind: 'offline', since };
    case 'awaiting_token':
    case 'opening':
    case 'authenticating':
    case 'waiting':
      if (state.networkDown) return { kind: 'offline', since };
      return since === null ? { kind: 'connecting' } : { kind: 'reconnecting', since };
  }
}

/** Only a topic that is current may be shown as live. */
export function isStale(topic: Topic | undefined): boolean {
  return topic !== undefined && topic.data !== null && topic.status !== 'current';
}

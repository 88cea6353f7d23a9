/** The live store as a state machine: one event in, the next state and the effects out. It owns no clock, socket or timer. */
import { reconnectDelayMs } from './backoff';
import type { ServerFrame } from './frames';
import { type Ambient, type Effect, type EndReason, initialState, type Link, type LiveEvent, type LiveState, type ServerMs, type Step, type Topic } from './state';
import * as topics from './topics';

/** The server closes a socket that does not authenticate within 10 s; opening gets a little more. */
export const OPEN_TIMEOUT_MS = 12_000;
/** A connection on which nothing arrives for this long is dead, whatever TCP says. */
export const SILENCE_LIMIT_MS = 45_000;
/** The server's own pings are invisible to a page, so a quiet connection is asked for a sign of life. */
export const PING_AFTER_MS = 15_000;
/** A tab that was asleep must give its first ping time to be answered before it gives up. */
export const PING_GRACE_MS = 10_000;
/** A connection that lived this long clears the back-off; otherwise a flapping server would be hammered. */
export const STABLE_AFTER_MS = 10_000;
const MAX_REJECTED_TOKENS = 3;

const CLOSE = { overloaded: 1013, unauthenticated: 4401, forbidden: 4403, revoked: 4409 } as const;

/** The whole machine. */
export function step(state: LiveState, event: LiveEvent, ambient: Ambient): Step {
  switch (event.type) {
    case 'start':
      return state.link.name === 'stopped' || state.link.name === 'ended' ? connect({ ...state, attempt: 0, rejectedTokens: 0 }, ambient) : only(state);
    case 'stop':
      return { state: { ...initialState, clockOffsetMs: state.clockOffsetMs, networkDown: state.networkDown }, effects: [{ type: 'close' }] };
    case 'token':
      return takeToken(state, event.value, event.renewAt, ambient);
    case 'token_unavailable':
      return withoutToken(state, ambient);
    case 'session_over':
      return end(state, 'unauthenticated', ambient);
    case 'opened':
      return opened(state, ambient);
    case 'frame':
      return frame(state, event.frame, ambient);
    case 'closed':
      return closed(state, event.code, ambient);
    case 'network':
      return network(state, event.online, ambient);
    case 'follow':
      return follow(state, event.topic, ambient);
    case 'unfollow':
      return unfollow(state, event.topic);
    case 'tick':
      return tick(state, ambient);
  }
}

/** When the machine next wants a `tick`, or null if only an event can change anything. */
export function nextWake(state: LiveState): number | null {
  const { link } = state;
  switch (link.name) {
    case 'stopped':
    case 'awaiting_token':
    case 'ended':
      return null;
    case 'opening':
    case 'authenticating':
      return link.deadline;
    case 'waiting':
      return link.retryAt;
    case 'ready': {
      const wakes = [pingDue(link), deadAt(state, link)];
      if (state.token !== null && !state.tokenRequested) wakes.push(state.token.renewAt);
      for (const topic of Object.values(state.topics)) if (topic.retryAt !== null) wakes.push(topic.retryAt);
      return Math.min(...wakes);
    }
  }
}

type Ready = Extract<Link, { name: 'ready' }>;

function pingDue(link: Ready): number {
  return (link.pingSentAt ?? link.lastFrameAt) + PING_AFTER_MS;
}

function deadAt(state: LiveState, link: Ready): number {
  if (link.unansweredSince === null) return Infinity;
  const grace = link.unansweredSince + PING_GRACE_MS;
  return state.networkDown ? grace : Math.max(link.lastFrameAt + SILENCE_LIMIT_MS, grace);
}

function only(state: LiveState): Step {
  return { state, effects: [] };
}

function connect(state: LiveState, ambient: Ambient): Step {
  if (state.token === null || state.token.renewAt <= ambient.now) {
    return {
      state: { ...state, link: { name: 'awaiting_token' }, tokenRequested: true },
      effects: state.tokenRequested ? [] : [{ type: 'request_token', rejected: null }],
    };
  }
  return open(state, ambient);
}

function open(state: LiveState, { now }: Ambient): Step {
  return { state: { ...state, link: { name: 'opening', deadline: now + OPEN_TIMEOUT_MS } }, effects: [{ type: 'open' }] };
}

function takeToken(state: LiveState, value: string, renewAt: number, ambient: Ambient): Step {
  const next = { ...state, token: { value, renewAt }, tokenRequested: false };
  // A fresh token is used even if it is about to end; asking again at once could go round for ever.
  if (next.link.name === 'awaiting_token') return open(next, ambient);
  if (next.link.name === 'ready') return { state: next, effects: [{ type: 'send', frame: { type: 'auth', token: value } }] };
  return only(next);
}

function withoutToken(state: LiveState, ambient: Ambient): Step {
  if (state.link.name === 'awaiting_token') return retryLater({ ...state, tokenRequested: false }, ambient);
  if (state.token === null) return only({ ...state, tokenRequested: false });
  // The connection is still good: ask again soon, well before the old token's end if there is time.
  const renewAt = ambient.now + reconnectDelayMs(2, ambient.random, null);
  return only({ ...state, tokenRequested: false, token: { ...state.token, renewAt } });
}

function opened(state: LiveState, ambient: Ambient): Step {
  if (state.link.name !== 'opening' || state.token === null) return only(state);
  return {
    state: { ...state, link: { name: 'authenticating', deadline: ambient.now + OPEN_TIMEOUT_MS } },
    effects: [{ type: 'send', frame: { type: 'auth', token: state.token.value } }],
  };
}

function frame(state: LiveState, received: ServerFrame | { type: 'fault'; reason: string }, ambient: Ambient): Step {
  const seen = heard(state, ambient);
  switch (received.type) {
    case 'ready':
      return ready(seen, received.server_time, ambient);
    case 'pong':
      return only(setClock(seen, received.server_time, ambient, roundTrip(state, ambient)));
    case 'closing':
      return only({ ...seen, retryAfterMs: received.retry_after_ms });
    case 'fault':
      // A frame that cannot be read may have been a change: the copies can no longer be vouched for.
      return received.reason === 'unknown_type' ? only(seen) : lose(seen, ambient, [{ type: 'close' }]);
    case 'error': {
      const topic = received.topic === undefined ? undefined : seen.topics[received.topic];
      if (received.topic === undefined || topic === undefined) return only(seen);
      return only(setTopic(seen, received.topic, topics.refuse(topic, received, ambient.now, knownCurrentAt(seen))));
    }
    case 'snapshot':
    case 'delta':
    case 'resumed': {
      const topic = seen.topics[received.topic];
      if (topic === undefined) return only(seen);
      return withTopic(seen, received.topic, topics.receive(topic, received, ambient.now, knownCurrentAt(seen)));
    }
  }
}

function ready(state: LiveState, serverTime: ServerMs, ambient: Ambient): Step {
  const timed = setClock(state, serverTime, ambient, 0);
  // The answer to a renewed token on a live connection: nothing was lost, nothing is subscribed again.
  if (timed.link.name !== 'authenticating') return only(timed);
  const link: Link = { name: 'ready', since: ambient.now, lastFrameAt: ambient.now, pingSentAt: null, unansweredSince: null };
  let next: LiveState = { ...timed, link, lostAt: null, retryAfterMs: null, rejectedTokens: 0 };
  const effects: Effect[] = [];
  for (const [name, topic] of Object.entries(next.topics)) {
    const result = withTopic(next, name, topics.subscribe(name, topic, ambient.now));
    next = result.state;
    effects.push(...result.effects);
  }
  return { state: next, effects };
}

function closed(state: LiveState, code: number, ambient: Ambient): Step {
  switch (code) {
    case CLOSE.forbidden:
      return end(state, 'forbidden', ambient);
    case CLOSE.revoked:
      return end(state, 'revoked', ambient);
    case CLOSE.unauthenticated: {
      const rejectedTokens = state.rejectedTokens + 1;
      if (rejectedTokens >= MAX_REJECTED_TOKENS) return end(state, 'unauthenticated', ambient);
      const lost = dropConnection({ ...state, rejectedTokens, token: null }, ambient);
      return {
        state: { ...lost, link: { name: 'awaiting_token' }, tokenRequested: true },
        effects: state.tokenRequested ? [] : [{ type: 'request_token', rejected: state.token?.value ?? null }],
      };
    }
    default:
      return lose(state, ambient, [], code === CLOSE.overloaded ? 2 : 0);
  }
}

function network(state: LiveState, online: boolean, ambient: Ambient): Step {
  const next = { ...state, networkDown: !online };
  if (online) return next.link.name === 'waiting' ? connect({ ...next, attempt: 0 }, ambient) : only(next);
  return next.link.name === 'ready' ? sendPing(next, next.link, ambient) : only(next);
}

function sendPing(state: LiveState, link: Ready, { now }: Ambient): Step {
  return {
    state: { ...state, link: { ...link, pingSentAt: now, unansweredSince: link.unansweredSince ?? now } },
    effects: [{ type: 'send', frame: { type: 'ping' } }],
  };
}

function follow(state: LiveState, name: string, ambient: Ambient): Step {
  const topic = state.topics[name];
  const followed = setTopic(state, name, { ...(topic ?? topics.newTopic), followers: (topic?.followers ?? 0) + 1 });
  if (topic !== undefined || state.link.name !== 'ready') return only(followed);
  return withTopic(followed, name, topics.subscribe(name, { ...topics.newTopic, followers: 1 }, ambient.now));
}

function unfollow(state: LiveState, name: string): Step {
  const topic = state.topics[name];
  if (topic === undefined) return only(state);
  if (topic.followers > 1) return only(setTopic(state, name, { ...topic, followers: topic.followers - 1 }));
  const rest = Object.fromEntries(Object.entries(state.topics).filter(([other]) => other !== name));
  const effects: Effect[] = state.link.name === 'ready' ? [{ type: 'send', frame: { type: 'unsubscribe', topic: name } }] : [];
  return { state: { ...state, topics: rest }, effects };
}

function tick(state: LiveState, ambient: Ambient): Step {
  const { link } = state;
  switch (link.name) {
    case 'stopped':
    case 'awaiting_token':
    case 'ended':
      return only(state);
    case 'opening':
    case 'authenticating':
      return ambient.now >= link.deadline ? lose(state, ambient, [{ type: 'close' }]) : only(state);
    case 'waiting':
      return ambient.now >= link.retryAt ? connect({ ...state, attempt: state.attempt + 1 }, ambient) : only(state);
    case 'ready':
      return ambient.now >= deadAt(state, link) ? lose(state, ambient, [{ type: 'close' }]) : upkeep(state, link, ambient);
  }
}

/** What a healthy connection needs from time to time: a ping, a fresh token, a subscription sent again. */
function upkeep(state: LiveState, link: Ready, ambient: Ambient): Step {
  const { now } = ambient;
  let { state: next, effects } = now >= pingDue(link) ? sendPing(state, link, ambient) : only(state);
  if (next.token !== null && !next.tokenRequested && now >= next.token.renewAt) {
    next = { ...next, tokenRequested: true };
    effects = [...effects, { type: 'request_token', rejected: null }];
  }
  for (const [name, topic] of Object.entries(next.topics)) {
    if (topic.retryAt === null || now < topic.retryAt) continue;
    const result = withTopic(next, name, topics.retry(name, topic, now, knownCurrentAt(next)));
    next = result.state;
    effects = [...effects, ...result.effects];
  }
  return { state: next, effects };
}

function end(state: LiveState, reason: EndReason, ambient: Ambient): Step {
  return {
    state: { ...dropConnection(state, ambient), link: { name: 'ended', reason }, token: null, tokenRequested: false },
    effects: [{ type: 'close' }, { type: 'login_required', reason }],
  };
}

function lose(state: LiveState, ambient: Ambient, effects: Effect[], extraAttempts = 0): Step {
  const { name } = state.link;
  if (name === 'stopped' || name === 'ended') return only(state);
  const retry = retryLater(dropConnection(state, ambient), ambient, extraAttempts);
  return { state: retry.state, effects: [...effects, ...retry.effects] };
}

function retryLater(state: LiveState, ambient: Ambient, extraAttempts = 0): Step {
  const delay = reconnectDelayMs(state.attempt + extraAttempts, ambient.random, state.retryAfterMs);
  return only({ ...state, retryAfterMs: null, link: { name: 'waiting', retryAt: ambient.now + delay } });
}

/** Marks every copy stale and remembers since when the page has been on its own. */
function dropConnection(state: LiveState, ambient: Ambient): LiveState {
  const { link } = state;
  const wasReady = link.name === 'ready';
  const known = knownCurrentAt(state);
  return {
    ...state,
    lostAt: wasReady ? link.lastFrameAt : state.lostAt,
    attempt: wasReady && ambient.now - link.since >= STABLE_AFTER_MS ? 0 : state.attempt,
    topics: Object.fromEntries(Object.entries(state.topics).map(([name, topic]) => [name, topics.disconnect(topic, known)])),
  };
}

/** Server time of the newest sign of life: up to then every current copy was what the server had. */
function knownCurrentAt(state: LiveState): ServerMs | null {
  return state.link.name === 'ready' && state.clockOffsetMs !== null ? state.link.lastFrameAt + state.clockOffsetMs : null;
}

function heard(state: LiveState, ambient: Ambient): LiveState {
  return state.link.name === 'ready'
    ? { ...state, link: { ...state.link, lastFrameAt: ambient.now, pingSentAt: null, unansweredSince: null } }
    : state;
}

function roundTrip(state: LiveState, ambient: Ambient): number {
  return state.link.name === 'ready' && state.link.pingSentAt !== null ? ambient.now - state.link.pingSentAt : 0;
}

function setClock(state: LiveState, serverTime: ServerMs, ambient: Ambient, roundTripMs: number): LiveState {
  return { ...state, clockOffsetMs: serverTime + roundTripMs / 2 - ambient.now };
}

function setTopic(state: LiveState, name: string, topic: Topic): LiveState {
  return { ...state, topics: { ...state.topics, [name]: topic } };
}

function withTopic(state: LiveState, name: string, result: topics.TopicStep): Step {
  return {
    state: setTopic(state, name, result.topic),
    effects: result.send.map((outgoing) => ({ type: 'send', frame: outgoing })),
  };
}

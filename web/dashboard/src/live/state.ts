/** The vocabulary of the live store: its state, the events that change it, and the effects it asks its driver for. */
import type { ClientFrame, Epoch, FrameFault, ServerFrame } from './frames';
import type { JsonObject } from './merge';

/** Local clock, epoch milliseconds. Times of the server are kept apart and named `server…`. */
export type LocalMs = number;
export type ServerMs = number;

/** Why the session cannot go on without a person. */
export type EndReason = 'forbidden' | 'revoked' | 'unauthenticated';

export type Link =
  | { name: 'stopped' }
  | { name: 'awaiting_token' }
  | { name: 'opening'; deadline: LocalMs }
  | { name: 'authenticating'; deadline: LocalMs }
  | {
      name: 'ready';
      since: LocalMs;
      lastFrameAt: LocalMs;
      /** The newest ping without an answer, and when the first of them was sent. */
      pingSentAt: LocalMs | null;
      unansweredSince: LocalMs | null;
    }
  | { name: 'waiting'; retryAt: LocalMs }
  | { name: 'ended'; reason: EndReason };

/** The client's copy of a topic and how far it can be trusted. */
export type Topic = {
  /** How many parts of the page follow it; the subscription ends with the last. */
  followers: number;
  /** `current` is the only status in which the copy is what the server has. */
  status: 'awaiting' | 'current' | 'refused';
  /** The position of the copy; absent before the first snapshot. */
  at: { epoch: Epoch; seq: number } | null;
  data: JsonObject | null;
  /** Server time of the newest change in the copy. */
  changedAt: ServerMs | null;
  /** Server time up to which the copy was known to be current; null while it is current. */
  staleSince: ServerMs | null;
  /** When an unanswered or refused subscription is tried again. */
  retryAt: LocalMs | null;
  refusal: { code: string; detail: string } | null;
};

export type LiveState = {
  link: Link;
  token: { value: string; renewAt: LocalMs } | null;
  /** A token has been asked for and has not come yet. */
  tokenRequested: boolean;
  /** The browser reports no network. A hub on the same machine can still be reached, so this is a hint, not a fact. */
  networkDown: boolean;
  /** When the connection was lost; null before the first one and while it is up. */
  lostAt: LocalMs | null;
  /** Server time minus local time; null until the server told its time. */
  clockOffsetMs: number | null;
  /** Attempts since the connection last proved stable. */
  attempt: number;
  /** Tokens in a row that the server did not take. */
  rejectedTokens: number;
  /** What the server asked for in its `closing` frame. */
  retryAfterMs: number | null;
  topics: Readonly<Record<string, Topic>>;
};

export type LiveEvent =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'token'; value: string; renewAt: LocalMs }
  /** No token could be had now (hub away); it is worth trying again. */
  | { type: 'token_unavailable' }
  /** The session is over; only a new login gives a token. */
  | { type: 'session_over' }
  | { type: 'opened' }
  | { type: 'frame'; frame: ServerFrame | FrameFault }
  | { type: 'closed'; code: number }
  | { type: 'network'; online: boolean }
  | { type: 'follow'; topic: string }
  | { type: 'unfollow'; topic: string }
  | { type: 'tick' };

export type Effect =
  | { type: 'open' }
  | { type: 'send'; frame: ClientFrame }
  | { type: 'close' }
  | { type: 'request_token'; rejected: string | null }
  | { type: 'login_required'; reason: EndReason };

/** What a transition may know of the world besides the event. */
export type Ambient = { now: LocalMs; random: number };

export type Step = { state: LiveState; effects: Effect[] };

export const initialState: LiveState = {
  link: { name: 'stopped' },
  token: null,
  tokenRequested: false,
  networkDown: false,
  lostAt: null,
  clockOffsetMs: null,
  attempt: 0,
  rejectedTokens: 0,
  retryAfterMs: null,
  topics: {},
};

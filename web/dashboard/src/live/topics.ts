/** The life of one topic's copy: subscribe, snapshot, delta, gap, resume, refusal, and when it counts as stale. */
import type { ClientFrame, Epoch, ErrorFrame, TopicFrame } from './frames';
import { mergePatch } from './merge';
import type { LocalMs, ServerMs, Topic } from './state';

/** A subscription without an answer is sent again after this time. */
export const ANSWER_TIMEOUT_MS = 15_000;
/** A refused topic is tried again: the site may be created, or the right granted, while a wall board waits. */
export const REFUSED_RETRY_MS = 10_000;

export type TopicStep = { topic: Topic; send: ClientFrame[] };

export const newTopic: Topic = {
  followers: 0,
  status: 'awaiting',
  at: null,
  data: null,
  changedAt: null,
  staleSince: null,
  retryAt: null,
  refusal: null,
};

/** Subscribes, from where the copy stands if there is one. */
export function subscribe(name: string, topic: Topic, now: LocalMs): TopicStep {
  const frame: ClientFrame = { type: 'subscribe', topic: name };
  if (topic.at !== null && canBeNamed(topic.at.epoch)) frame.since = topic.at;
  return { topic: { ...topic, status: topic.status === 'refused' ? 'refused' : 'awaiting', retryAt: now + ANSWER_TIMEOUT_MS }, send: [frame] };
}

/** The hub's epochs are 64 bits wide; one that was rounded on the way would name another history. */
function canBeNamed(epoch: Epoch): boolean {
  return typeof epoch === 'string' || Number.isSafeInteger(epoch);
}

/** Starts afresh after a gap: the copy stays visible, marked stale, until a snapshot replaces it. */
export function resynchronise(name: string, topic: Topic, now: LocalMs, knownCurrentAt: ServerMs | null): TopicStep {
  return {
    topic: {
      ...topic,
      status: 'awaiting',
      at: null,
      staleSince: topic.staleSince ?? knownCurrentAt,
      retryAt: now + ANSWER_TIMEOUT_MS,
    },
    // Unsubscribing first makes sure that what follows is an answer to the new subscription.
    send: [
      { type: 'unsubscribe', topic: name },
      { type: 'subscribe', topic: name },
    ],
  };
}

/** Sends a subscription again that had no answer or was refused; a refusal stays shown until the server thinks otherwise. */
export function retry(name: string, topic: Topic, now: LocalMs, knownCurrentAt: ServerMs | null): TopicStep {
  const again = resynchronise(name, topic, now, knownCurrentAt);
  return topic.status === 'refused' ? { ...again, topic: { ...topic, retryAt: now + REFUSED_RETRY_MS } } : again;
}

/** The connection is gone: the copy is true only up to `knownCurrentAt`. */
export function disconnect(topic: Topic, knownCurrentAt: ServerMs | null): Topic {
  return {
    ...topic,
    status: topic.status === 'refused' ? 'refused' : 'awaiting',
    staleSince: topic.staleSince ?? (topic.data === null ? null : (knownCurrentAt ?? topic.changedAt)),
    retryAt: null,
  };
}

/** Takes one frame of the topic. */
export function receive(topic: Topic, frame: TopicFrame, now: LocalMs, knownCurrentAt: ServerMs | null): TopicStep {
  const { epoch, seq } = frame;
  switch (frame.type) {
    case 'snapshot': {
      // Merging the fresh copy into the old one would keep what is gone; identity is kept where nothing differs instead.
      const data = topic.data === null ? frame.data : mergePatch(topic.data, replacement(topic.data, frame.data));
      return { topic: { ...current(topic), at: { epoch, seq }, data, changedAt: frame.at }, send: [] };
    }
    case 'resumed':
      if (topic.status === 'awaiting' && topic.at?.epoch === epoch && topic.at.seq === seq) {
        return { topic: current(topic), send: [] };
      }
      return topic.at === null ? { topic, send: [] } : resynchronise(frame.topic, topic, now, knownCurrentAt);
    case 'delta':
      if (topic.status !== 'current') {
        // Still on its way from a subscription that has been given up; the answer to the new one follows.
        return { topic, send: [] };
      }
      if (topic.data === null || topic.at?.epoch !== epoch || topic.at.seq !== frame.prev) {
        return resynchronise(frame.topic, topic, now, knownCurrentAt);
      }
      return {
        topic: { ...topic, at: { epoch, seq }, data: mergePatch(topic.data, frame.data), changedAt: frame.at },
        send: [],
      };
  }
}

/** The server will not serve the topic. What a user may no longer see is forgotten; anything else stays, as stale. */
export function refuse(topic: Topic, frame: ErrorFrame, now: LocalMs, knownCurrentAt: ServerMs | null): Topic {
  const forget = isForbidden(frame.code);
  return {
    ...topic,
    status: 'refused',
    at: null,
    data: forget ? null : topic.data,
    changedAt: forget ? null : topic.changedAt,
    staleSince: forget || topic.data === null ? null : (topic.staleSince ?? knownCurrentAt),
    retryAt: now + REFUSED_RETRY_MS,
    refusal: { code: frame.code, detail: frame.detail },
  };
}

export function isForbidden(code: string): boolean {
  return code.includes('forbidden') || code.includes('denied');
}

function current(topic: Topic): Topic {
  return { ...topic, status: 'current', staleSince: null, retryAt: null, refusal: null };
}

type Json = NonNullable<Topic['data']>;

/** The merge patch that turns `before` into `after`: every member of `after`, and null for what it no longer has. */
function replacement(before: Json, after: Json): Json {
  const patch: Record<string, Json[string]> = Object.create(null) as Record<string, Json[string]>;
  for (const key of Object.keys(before)) {
    if (!Object.hasOwn(after, key)) patch[key] = null;
  }
  for (const [key, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    patch[key] = isObject(value) && isObject(old) ? replacement(old, value) : value;
  }
  return patch;
}

function isObject(value: Json[string] | undefined): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

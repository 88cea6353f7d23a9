/**
 * Sends what waits, one entry after the other, in this tab: a pure state machine. The store and the lock are shared with the
 * other tabs; that an entry is applied once rests on its id alone, the lock keeps the order and spares the hub.
 */
import { reconnectDelayMs } from '../live/backoff';
import { type Entry, headOf, type Instant, type Owner, type Refusal } from './entry';
import type { Change } from './store';

/** Local clock, epoch milliseconds. */
export type LocalMs = number;

export type Run =
  | { name: 'idle' }
  | { name: 'locking' }
  /** The lock is held in the following four. */
  | { name: 'reading' }
  | { name: 'marking'; id: string }
  | { name: 'sending'; id: string }
  | { name: 'settling'; id: string; applied: boolean }
  /** `notBefore` is the hub's word (Retry-After) and is not cut short. */
  | { name: 'waiting'; retryAt: LocalMs; notBefore: LocalMs };

export type Applied = { entry: Entry; at: Instant };

export type OutboxState = {
  owner: Owner | null;
  /** What the device keeps, of every user, in the order of entry. */
  entries: readonly Entry[];
  run: Run;
  /** Failures in a row. */
  attempt: number;
  /** The newest that the hub took, newest first; for as long as the page is open. */
  recent: readonly Applied[];
};

/** What became of one attempt. */
export type Outcome =
  | { kind: 'applied' }
  | { kind: 'refused'; refusal: Refusal }
  /** No answer, or one that says to come back. */
  | { kind: 'retry'; afterMs: number | null }
  /** It cannot be sent in its owner's name now. */
  | { kind: 'not_signed_in' };

export type OutboxEvent =
  | { type: 'signed_in'; owner: Owner }
  | { type: 'signed_out' }
  /** What the device keeps has changed: entered here, or in another tab. */
  | { type: 'kept'; entries: readonly Entry[]; applied?: Applied | undefined }
  | { type: 'locked' }
  /** The read or the change that the machine asked for is done. */
  | { type: 'stored'; entries: readonly Entry[] }
  | { type: 'store_failed' }
  | { type: 'answered'; outcome: Outcome }
  /** The connection is back, or the operator has entered something: worth an attempt. */
  | { type: 'hurry' }
  | { type: 'tick' };

export type Effect =
  | { type: 'lock' }
  | { type: 'unlock' }
  | { type: 'read' }
  | { type: 'change'; change: Change }
  | { type: 'send'; entry: Entry };

/** `serverNow` is the time that entries carry, `now` this device's own. */
export type Ambient = { now: LocalMs; serverNow: Instant; random: number };

export type Step = { state: OutboxState; effects: readonly Effect[] };

export const initialOutbox: OutboxState = { owner: null, entries: [], run: { name: 'idle' }, attempt: 0, recent: [] };

const MAX_RECENT = 12;
/** Several tablets see the connection come back in the same moment. */
const HURRY_JITTER_MS = 400;

export function step(state: OutboxState, event: OutboxEvent, ambient: Ambient): Step {
  switch (event.type) {
    case 'signed_in':
      return hurried({ ...state, owner: event.owner }, ambient);
    case 'signed_out':
      return stay({ ...state, owner: null, recent: [] });
    case 'kept':
      return wake({ ...state, entries: event.entries, recent: event.applied === undefined ? state.recent : remembered(state, event.applied) }, ambient);
    case 'locked':
      if (state.run.name !== 'locking') return { state, effects: [{ type: 'unlock' }] };
      return { state: { ...state, run: { name: 'reading' } }, effects: [{ type: 'read' }] };
    case 'stored':
      return stored({ ...state, entries: event.entries }, state.entries, ambient);
    case 'store_failed':
      return isHolding(state.run) ? back(state, null, ambient) : stay(state);
    case 'answered':
      return answered(state, event.outcome, ambient);
    case 'hurry':
      return hurried(state, ambient);
    case 'tick':
      return wake(state.run.name === 'waiting' && state.run.retryAt <= ambient.now ? { ...state, run: { name: 'idle' } } : state, ambient);
  }
}

/** When the machine wants a tick; null: only an event can move it. */
export function nextWake({ run }: OutboxState): LocalMs | null {
  return run.name === 'waiting' ? run.retryAt : null;
}

const stay = (state: OutboxState): Step => ({ state, effects: [] });

const isHolding = ({ name }: Run) => name === 'reading' || name === 'marking' || name === 'sending' || name === 'settling';

/** Begins a run if there is something to send and none is under way. */
function wake(state: OutboxState, { serverNow }: Ambient): Step {
  if (state.run.name !== 'idle' || state.owner === null || headOf(state.entries, state.owner, serverNow) === undefined) return stay(state);
  return { state: { ...state, run: { name: 'locking' } }, effects: [{ type: 'lock' }] };
}

function hurried(state: OutboxState, ambient: Ambient): Step {
  const { run } = state;
  if (run.name !== 'waiting') return wake(state, ambient);
  const soon = Math.max(run.notBefore, ambient.now + Math.round(HURRY_JITTER_MS * ambient.random));
  return stay({ ...state, attempt: 0, run: { ...run, retryAt: Math.min(run.retryAt, soon) } });
}

function stored(state: OutboxState, before: readonly Entry[], ambient: Ambient): Step {
  const { run } = state;
  switch (run.name) {
    case 'reading':
      return next(state, ambient);
    case 'marking': {
      // Another tab may have discarded it, and the user may have left, in between.
      const entry = state.entries.find(({ id }) => id === run.id);
      if (entry === undefined || entry !== headIn(state, ambient)) return next(state, ambient);
      return { state: { ...state, run: { name: 'sending', id: entry.id } }, effects: [{ type: 'send', entry }] };
    }
    case 'settling': {
      const entry = before.find(({ id }) => id === run.id);
      const applied = run.applied && entry !== undefined && state.owner !== null ? remembered(state, { entry, at: ambient.serverNow }) : state.recent;
      return next({ ...state, attempt: 0, recent: applied }, ambient);
    }
    case 'idle':
    case 'locking':
    case 'sending':
    case 'waiting':
      return stay(state);
  }
}

function headIn({ entries, owner }: OutboxState, { serverNow }: Ambient): Entry | undefined {
  return owner === null ? undefined : headOf(entries, owner, serverNow);
}

/** With the lock held and the entries read: the next one, or rest. */
function next(state: OutboxState, ambient: Ambient): Step {
  const entry = headIn(state, ambient);
  if (entry === undefined) return { state: { ...state, run: { name: 'idle' } }, effects: [{ type: 'unlock' }] };
  if (entry.triedAt !== null) return { state: { ...state, run: { name: 'sending', id: entry.id } }, effects: [{ type: 'send', entry }] };
  return {
    state: { ...state, run: { name: 'marking', id: entry.id } },
    effects: [{ type: 'change', change: { type: 'tried', id: entry.id, at: ambient.serverNow } }],
  };
}

function answered(state: OutboxState, outcome: Outcome, ambient: Ambient): Step {
  const { run } = state;
  if (run.name !== 'sending') return stay(state);
  const { id } = run;
  switch (outcome.kind) {
    case 'applied':
      return { state: { ...state, run: { name: 'settling', id, applied: true } }, effects: [{ type: 'change', change: { type: 'applied', id } }] };
    case 'refused':
      return {
        state: { ...state, run: { name: 'settling', id, applied: false } },
        effects: [{ type: 'change', change: { type: 'refused', id, refusal: outcome.refusal } }],
      };
    case 'retry':
      return back(state, outcome.afterMs, ambient);
    case 'not_signed_in':
      return back(state, null, ambient);
  }
}

/** Leaves the lock to others and comes back later. */
function back(state: OutboxState, afterMs: number | null, { now, random }: Ambient): Step {
  const retryAt = now + reconnectDelayMs(state.attempt, random, afterMs);
  return { state: { ...state, attempt: state.attempt + 1, run: { name: 'waiting', retryAt, notBefore: now + (afterMs ?? 0) } }, effects: [{ type: 'unlock' }] };
}

function remembered({ recent }: OutboxState, applied: Applied): readonly Applied[] {
  return [applied, ...recent.filter(({ entry }) => entry.id !== applied.entry.id)].slice(0, MAX_RECENT);
}

/** Assembly: the one outbox of the page, and how it follows the session and the connection. */
import { create } from 'zustand';
import { newKey } from '../api/key';
import { meQuery } from '../api/queries';
import { api, exclusively, queryClient, session, useLive } from '../app/services';
import { connectionOf } from '../live/view';
import { type LineRef, stopsKey } from '../stops/api';
import { Database } from './database';
import { OutboxDriver } from './driver';
import type { Action, Entry, Instant, Owner } from './entry';
import { initialOutbox, type OutboxState } from './machine';
import { sendEntry } from './send';

export const useOutbox = create<OutboxState>(() => initialOutbox);

const serverNow = (): Instant => Date.now() + (useLive.getState().clockOffsetMs ?? 0);
const isLive = () => connectionOf(useLive.getState()).kind === 'live';

const driver = new OutboxDriver({
  store: new Database(),
  exclusive: exclusively('topsteel.outbox'),
  send: (entry) => sendEntry(session, entry, serverNow()),
  channel: new BroadcastChannel('topsteel.outbox'),
  serverNow,
  publish: (state) => { useOutbox.setState(state, true); },
  onApplied: ({ site, line }) => {
    void queryClient.invalidateQueries({ queryKey: ['orders', site, line] });
    void queryClient.invalidateQueries({ queryKey: stopsKey({ site, line }) });
  },
});

/** Follows who is signed in and whether the hub can be reached, as long as the page is open. */
export function startOutbox(): void {
  void followSession();
  session.status.subscribe(() => { void followSession(); });
  useLive.subscribe((now, before) => {
    if (connectionOf(now).kind === 'live' && connectionOf(before).kind !== 'live') driver.hurry();
  });
}

async function followSession(): Promise<void> {
  const signedOut = () => session.status.getState().name === 'signed_out';
  if (signedOut()) {
    driver.signOut();
    return;
  }
  try {
    const { id, tenant } = await queryClient.query({ ...meQuery(api), staleTime: 'static' });
    if (!signedOut()) driver.signIn({ user: id, tenant });
  } catch (cause) {
    // Signed out in the meantime, which has been said; or refused, and then nothing may be sent in this name.
    console.warn('who is signed in could not be learnt', cause);
  }
}

/** Keeps what was entered on the device; resolves once it is safe there, whatever becomes of the connection. */
export async function enter(owner: Owner, { site, line }: LineRef, action: Action): Promise<void> {
  const entry: Entry = { id: newKey(), owner, site, line, action, at: serverNow(), offline: !isLive(), triedAt: null, refusal: null };
  await driver.byHand({ type: 'add', entry });
}

/** Takes back what has not left yet, or puts away what was refused or is too old. */
export function discard({ id }: Entry): Promise<void> {
  return driver.byHand({ type: 'discard', id, now: serverNow() });
}

/**
 * Sends a refused or aged entry after all, after what was entered since. A changed or refused one is another entry to the hub;
 * an aged one keeps its id, in case it is known. Scrap keeps its time, because that is when it was made.
 */
export function renew(entry: Entry, action: Action = entry.action): Promise<void> {
  const now = serverNow();
  const isSame = entry.refusal === null && action === entry.action;
  const renewed: Entry = { ...entry, id: isSame ? entry.id : newKey(), action, at: action.kind === 'scrap' ? entry.at : now, triedAt: null, refusal: null };
  return driver.byHand({ type: 'renew', id: entry.id, now, entry: renewed });
}

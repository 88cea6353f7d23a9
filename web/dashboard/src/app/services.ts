/** Assembly: the one session, REST client, live driver and cache of the page, and how they follow each other. */
import { QueryClient } from '@tanstack/react-query';
import { create } from 'zustand';
import { Api } from '../api/client';
import { HubProblem } from '../api/problem';
import { exclusiveAcrossTabs } from '../auth/lock';
import { Session, type SignedOutReason } from '../auth/session';
import { LiveDriver } from '../live/socket';
import { type EndReason, initialState, type LiveState } from '../live/state';
import { browserSurroundings, PaintPace } from './paint';
import { retryDelayMs } from './retry';
import { ownVersion, servedVersion, VersionWatch } from './version';

// `navigator.locks` is missing where the page is not a secure context, whatever the type says.
const locks = 'locks' in navigator ? navigator.locks : undefined;

/** One tab at a time, by name; without one it is the renewal of the session. */
export const exclusively = (name?: string) => exclusiveAcrossTabs(locks, localStorage, name);

export const session = new Session(localStorage, exclusively());
export const api = new Api(session);

/** The live store as React sees it: at most one new state per animation frame, fewer where painting is slow. */
export const useLive = create<LiveState>(() => initialState);

const REASON: Record<EndReason, SignedOutReason> = { unauthenticated: 'expired', revoked: 'revoked', forbidden: 'forbidden' };

const pace = new PaintPace(browserSurroundings());

export const live = new LiveDriver({
  url: new URL('/api/v1/live', location.href.replace(/^http/, 'ws')).href,
  requestToken: (rejected) => session.token(rejected),
  onLoginRequired: (reason) => {
    if (session.status.getState().name !== 'signed_out') session.end(REASON[reason]);
  },
  publish: (state) => { useLive.setState(state, true); },
  schedulePaint: (paint) => { pace.schedule(paint); },
});

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A hub on this machine answers without any network, so the browser's opinion of it does not count.
      networkMode: 'always',
      // What the hub refuses is refused; a hub that is away comes back.
      retry: (_, cause) => !(cause instanceof HubProblem) || cause.status >= 500 || cause.status === 429,
      retryDelay: (attempt) => retryDelayMs(attempt, Math.random()),
      // What changes comes by the live socket; a hall of boards that wakes up must not ask for everything at once.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
  },
});

export const versions = new VersionWatch({ own: ownVersion(document), served: servedVersion });

/** Starts what runs beside React. */
export function startServices(): void {
  live.attach(window);
  session.watchOtherTabs(window);
  versions.start();
  useLive.subscribe((now, before) => {
    if (before.lostAt !== null && now.lostAt === null && now.link.name === 'ready') versions.reconnected();
  });
  session.status.subscribe((now, before) => {
    if (now.name === 'signed_out') {
      live.stop();
      queryClient.clear();
    } else if (before.name === 'signed_out') {
      live.start();
    }
  });
  if (session.status.getState().name !== 'signed_out') live.start();
  // What a terminal has entered is sent from whatever view is open; it is not needed for the first paint.
  void import('../outbox/outbox').then(({ startOutbox }) => { startOutbox(); });
}

/** The user's session: keeps the tokens, renews them silently, and says whether somebody is signed in. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { exchange } from '../api/http';
import { HubProblem } from '../api/problem';
import { z } from '../zod';
import type { Exclusive } from './lock';

/**
 * The refresh token lies in localStorage, not in sessionStorage: tokens rotate and the hub detects the reuse of an old one, so
 * all tabs of a browser must see the newest; and a wall board must come back signed in after a power cut. The access token
 * stays in memory. Scripts that could read the storage are kept out by the hub's content security policy.
 */
const STORAGE_KEY = 'topsteel.refresh_token';

const user = z.object({ email: z.string(), name: z.string().optional() });
export type User = z.infer<typeof user>;

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in: z.number().positive(),
  user: user.optional(),
});

export type SignedOutReason = 'none' | 'expired' | 'revoked' | 'forbidden';
export type SessionStatus =
  /** A session is known from before; the hub has not confirmed it yet. */
  | { name: 'restoring' }
  | { name: 'signed_in'; user: User | null }
  | { name: 'signed_out'; reason: SignedOutReason };

/** An access token and the local time from which the next one should be used. */
export type Grant = { value: string; renewAt: number };
export type GrantResult = Grant | 'unavailable' | 'session_over';

export class Session {
  readonly status: StoreApi<SessionStatus>;
  readonly #storage: Storage;
  readonly #exclusive: Exclusive;
  #grant: Grant | null = null;
  /** A renewal under way, shared by all who need it. */
  #renewal: Promise<GrantResult> | null = null;

  constructor(storage: Storage, exclusive: Exclusive) {
    this.#storage = storage;
    this.#exclusive = exclusive;
    const known = storage.getItem(STORAGE_KEY) !== null;
    this.status = createStore<SessionStatus>(() => (known ? { name: 'restoring' } : { name: 'signed_out', reason: 'none' }));
  }

  /** Throws `HubProblem` or `HubUnreachable`. */
  async login(email: string, password: string): Promise<void> {
    const answer = await exchange({ path: '/auth/login', body: { email, password }, schema: tokens });
    this.#keep(answer);
  }

  /** Signs out here and in the other tabs, at once; the hub is told if it can be reached. */
  async logout(): Promise<void> {
    const refreshToken = this.#storage.getItem(STORAGE_KEY);
    const grant = this.#grant;
    this.end('none');
    if (refreshToken === null) return;
    try {
      // The hub knows the session to end by its access token; one that may have expired is exchanged a last time.
      const fresh = grant !== null && grant.renewAt > Date.now();
      const token = fresh ? grant.value : (await exchange({ path: '/auth/refresh', body: { refresh_token: refreshToken }, schema: tokens })).access_token;
      await exchange({ path: '/auth/logout', body: {}, token, schema: z.unknown() });
    } catch (cause) {
      console.warn('the hub was not told of the logout', cause);
    }
  }

  /** The session is over; only a login starts another. */
  end(reason: SignedOutReason): void {
    this.#grant = null;
    this.#storage.removeItem(STORAGE_KEY);
    this.status.setState({ name: 'signed_out', reason }, true);
  }

  /** A valid access token, renewed if it is due or is the `rejected` one. */
  token(rejected: string | null = null): Promise<GrantResult> {
    const grant = this.#grant;
    if (grant !== null && grant.value !== rejected && grant.renewAt > Date.now()) return Promise.resolve(grant);
    this.#renewal ??= this.#exclusive(() => this.#rotate()).finally(() => { this.#renewal = null; });
    return this.#renewal;
  }

  /** Follows sign-in and sign-out in other tabs. Returns how to stop. */
  watchOtherTabs(target: Window): () => void {
    const changed = (event: StorageEvent) => {
      if (event.key !== STORAGE_KEY && event.key !== null) return;
      const present = this.#storage.getItem(STORAGE_KEY) !== null;
      const { name } = this.status.getState();
      if (!present && name !== 'signed_out') this.end('none');
      if (present && name === 'signed_out') this.status.setState({ name: 'restoring' }, true);
    };
    target.addEventListener('storage', changed);
    return () => { target.removeEventListener('storage', changed); };
  }

  async #rotate(): Promise<GrantResult> {
    const refreshToken = this.#storage.getItem(STORAGE_KEY);
    if (refreshToken === null) return 'session_over';
    try {
      const answer = await exchange({ path: '/auth/refresh', body: { refresh_token: refreshToken }, schema: tokens });
      // A logout during the exchange wins: its tokens must not bring the session back.
      if (this.#storage.getItem(STORAGE_KEY) === null) return 'session_over';
      return this.#keep(answer);
    } catch (cause) {
      const refused = cause instanceof HubProblem && cause.status >= 400 && cause.status < 500 && cause.status !== 408 && cause.status !== 429;
      if (!refused) return 'unavailable';
      const newest = this.#storage.getItem(STORAGE_KEY);
      // Without locks another tab may have rotated in between; its token is the one to try.
      if (newest !== null && newest !== refreshToken) return this.#rotate();
      this.end('expired');
      return 'session_over';
    }
  }

  #keep(answer: z.infer<typeof tokens>): Grant {
    const lifeMs = answer.expires_in * 1000;
    const grant = { value: answer.access_token, renewAt: Date.now() + lifeMs - Math.min(60_000, lifeMs * 0.2) };
    this.#grant = grant;
    this.#storage.setItem(STORAGE_KEY, answer.refresh_token);
    const before = this.status.getState();
    const known = before.name === 'signed_in' ? before.user : null;
    if (before.name !== 'signed_in' || (known === null && answer.user !== undefined)) {
      this.status.setState({ name: 'signed_in', user: answer.user ?? known }, true);
    }
    return grant;
  }
}

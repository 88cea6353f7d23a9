/** The session: rotation once for all who wait, tabs that do not race, and what ends it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { exclusiveAcrossTabs } from './lock';
import { type GrantResult, Session } from './session';

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  get length() { return this.#items.size; }
  key(index: number) { return [...this.#items.keys()][index] ?? null; }
  getItem(key: string) { return this.#items.get(key) ?? null; }
  setItem(key: string, value: string) { this.#items.set(key, value); }
  removeItem(key: string) { this.#items.delete(key); }
  clear() { this.#items.clear(); }
}

/** A hub that rotates refresh tokens and ends a session in which an old one comes back. */
class FakeHub {
  refreshToken = 'r0';
  refreshes = 0;
  reused = false;
  loggedOutWith: (string | null)[] = [];
  down = false;
  expiresIn = 900;

  readonly fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    await Promise.resolve();
    if (this.down) throw new TypeError('failed to fetch');
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as Record<string, unknown>;
    if (url.endsWith('/auth/login')) {
      return body['password'] === 'demo' ? this.#grant() : problem(401, 'invalid_credentials');
    }
    if (url.endsWith('/auth/logout')) {
      this.loggedOutWith.push(new Headers(init?.headers).get('authorization'));
      return new Response(null, { status: 204 });
    }
    this.refreshes += 1;
    if (body['refresh_token'] !== this.refreshToken) this.reused = true;
    return this.reused ? problem(401, 'refresh_reused') : this.#grant();
  };

  #grant(): Response {
    this.refreshToken = `r${this.refreshes + 1}`;
    return Response.json({
      access_token: `a${this.refreshes}`,
      refresh_token: this.refreshToken,
      token_type: 'Bearer',
      expires_in: this.expiresIn,
      user: { email: 'supervisor@demo.local', name: 'Sam' },
    });
  }
}

const problem = (status: number, code: string) => Response.json({ type: 'about:blank', title: 'No', status, detail: 'no', code }, { status });
const valueOf = (result: GrantResult) => (typeof result === 'string' ? result : result.value);

let hub: FakeHub;
let storage: MemoryStorage;
const tab = () => new Session(storage, exclusiveAcrossTabs(undefined, storage));

beforeEach(() => {
  hub = new FakeHub();
  storage = new MemoryStorage();
  vi.stubGlobal('fetch', hub.fetch);
  return () => { vi.unstubAllGlobals(); };
});

describe('a session', () => {
  it('starts with a login and keeps the refresh token only', async () => {
    const session = tab();
    expect(session.status.getState()).toEqual({ name: 'signed_out', reason: 'none' });
    await session.login('supervisor@demo.local', 'demo');
    expect(session.status.getState()).toEqual({ name: 'signed_in', user: { email: 'supervisor@demo.local', name: 'Sam' } });
    expect(storage.length).toBe(1);
    expect(valueOf(await session.token())).toBe('a0');
    expect(hub.refreshes).toBe(0);
  });

  it('hands the hub\'s refusal of a login to the form', async () => {
    await expect(tab().login('supervisor@demo.local', 'wrong')).rejects.toMatchObject({ status: 401, code: 'invalid_credentials' });
  });

  it('renews once for all who wait', async () => {
    await tab().login('supervisor@demo.local', 'demo');
    const session = tab();
    expect(session.status.getState().name).toBe('restoring');
    const values = (await Promise.all([session.token(), session.token(), session.token()])).map(valueOf);
    expect(new Set(values).size).toBe(1);
    expect(hub.refreshes).toBe(1);
  });

  it('renews a token that the hub rejected', async () => {
    const session = tab();
    await session.login('supervisor@demo.local', 'demo');
    expect(valueOf(await session.token('a0'))).toBe('a1');
    expect(valueOf(await session.token('a0'))).toBe('a1');
  });

  it('does not race with another tab, also without Web Locks', async () => {
    await tab().login('supervisor@demo.local', 'demo');
    const results = await Promise.all([tab(), tab(), tab()].map((session) => session.token()));
    expect(results.map(valueOf)).toHaveLength(3);
    expect(hub.reused).toBe(false);
    expect(hub.refreshes).toBe(3);
  });

  it('survives a hub that is away', async () => {
    await tab().login('supervisor@demo.local', 'demo');
    const session = tab();
    hub.down = true;
    expect(await session.token()).toBe('unavailable');
    expect(session.status.getState().name).toBe('restoring');
    hub.down = false;
    expect(valueOf(await session.token())).toBe('a1');
    expect(session.status.getState().name).toBe('signed_in');
  });

  it('ends when the hub refuses to renew it', async () => {
    const session = tab();
    await session.login('supervisor@demo.local', 'demo');
    hub.reused = true;
    expect(await session.token('a0')).toBe('session_over');
    expect(session.status.getState()).toEqual({ name: 'signed_out', reason: 'expired' });
    expect(storage.length).toBe(0);
  });

  it('is ended at the hub too, also when the access token is gone', async () => {
    const session = tab();
    await session.login('supervisor@demo.local', 'demo');
    await session.logout();
    await tab().login('supervisor@demo.local', 'demo');
    await tab().logout();
    expect(hub.loggedOutWith).toEqual(['Bearer a0', 'Bearer a1']);
  });

  it('is not brought back by a renewal that a logout overtook', async () => {
    const session = tab();
    await session.login('supervisor@demo.local', 'demo');
    const renewal = session.token('a0');
    await session.logout();
    expect(await renewal).toBe('session_over');
    expect(session.status.getState().name).toBe('signed_out');
  });
});

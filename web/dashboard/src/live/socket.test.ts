/** The driver: it carries out what the machine asks for, on a socket and timers that the test holds in hand. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GrantResult } from '../auth/session';
import { SITE } from './harness';
import { LiveDriver } from './socket';
import { initialState, type LiveState } from './state';
import { connectionOf } from './view';

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  closedByPage = false;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string, readonly protocol: string) {
    FakeSocket.all.push(this);
  }

  send(text: string) { this.sent.push(text); }
  close() { this.closedByPage = true; }

  open() {
    this.readyState = FakeSocket.OPEN;
    this.onopen?.();
  }

  say(frame: object) { this.onmessage?.({ data: JSON.stringify(frame) }); }

  drop(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const newest = (): FakeSocket => {
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) throw new Error('no socket was opened');
  return socket;
};

let published: LiveState;
let paints: (() => void)[];
let grant: GrantResult;
const requestToken = vi.fn(() => Promise.resolve(grant));
const onLoginRequired = vi.fn();

function newDriver(): LiveDriver {
  return new LiveDriver({
    url: 'ws://hub/api/v1/live',
    requestToken,
    onLoginRequired,
    publish: (state) => { published = state; },
    schedulePaint: (paint) => { paints.push(paint); },
  });
}

async function liveDriver(): Promise<LiveDriver> {
  const driver = newDriver();
  driver.start();
  await vi.advanceTimersByTimeAsync(0);
  newest().open();
  newest().say({ type: 'ready', server_time: new Date().toISOString() });
  return driver;
}

const paint = () => { for (const run of paints.splice(0)) run(); };
const snapshot = { type: 'snapshot', topic: SITE, epoch: 1, seq: 1, at: '2026-11-22T12:00:00.000Z', data: { lines: {} } };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  published = initialState;
  paints = [];
  grant = { value: 'token-1', renewAt: Date.now() + 600_000 };
  requestToken.mockClear();
  onLoginRequired.mockClear();
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

describe('the driver', () => {
  it('opens with the sub-protocol and authenticates in the first frame', async () => {
    await liveDriver();
    expect(newest()).toMatchObject({ url: 'ws://hub/api/v1/live', protocol: 'topsteel.v1' });
    expect(newest().sent[0]).toBe('{"type":"auth","token":"token-1"}');
  });

  it('paints once, however many frames arrived', async () => {
    const driver = await liveDriver();
    driver.follow(SITE);
    paint();
    newest().say(snapshot);
    for (let seq = 2; seq <= 50; seq += 1) newest().say({ ...snapshot, type: 'delta', prev: seq - 1, seq, data: { lines: { saw: { good: seq } } } });
    expect(paints).toHaveLength(1);
    paint();
    expect(published.topics[SITE]).toMatchObject({ at: { seq: 50 }, data: { lines: { saw: { good: 50 } } } });
  });

  it('comes back by itself and does not listen to the old socket', async () => {
    const driver = await liveDriver();
    driver.follow(SITE);
    newest().say(snapshot);
    const old = newest();
    old.drop(1006);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(newest()).not.toBe(old);
    newest().open();
    newest().say({ type: 'ready', server_time: new Date().toISOString() });
    expect(newest().sent).toContain('{"type":"subscribe","topic":"site/rouen","since":{"epoch":1,"seq":1}}');
    old.drop(4403);
    expect(onLoginRequired).not.toHaveBeenCalled();
  });

  it('closes a silent connection and opens another', async () => {
    await liveDriver();
    const silent = newest();
    await vi.advanceTimersByTimeAsync(46_500);
    expect(silent.sent.filter((text) => text.includes('ping')).length).toBeGreaterThan(0);
    expect(silent.closedByPage).toBe(true);
    expect(newest()).not.toBe(silent);
  });

  it('gets another token for one that was refused', async () => {
    await liveDriver();
    grant = { value: 'token-2', renewAt: Date.now() + 600_000 };
    newest().drop(4401);
    await vi.advanceTimersByTimeAsync(0);
    newest().open();
    expect(requestToken).toHaveBeenLastCalledWith('token-1');
    expect(newest().sent).toEqual(['{"type":"auth","token":"token-2"}']);
  });

  it('asks for a login when the session is over', async () => {
    await liveDriver();
    newest().drop(4409);
    paint();
    expect(onLoginRequired).toHaveBeenCalledWith('revoked');
    expect(connectionOf(published).kind).toBe('offline');
  });

  it('does not give a token to whoever signs in after a logout', async () => {
    const driver = newDriver();
    driver.start();
    driver.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSocket.all).toHaveLength(0);
  });

  it('treats what it cannot read as a broken connection', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await liveDriver();
    newest().onmessage?.({ data: '{"type":"delta","topic":7}' });
    expect(newest().closedByPage).toBe(true);
    expect(warn).toHaveBeenCalledOnce();
  });
});

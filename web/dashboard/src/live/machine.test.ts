/** The connection's life: login, loss, back-off, renewal, liveness, and what each close code leads to. */
import { describe, expect, it } from 'vitest';
import { Bench, kinds, sent, SERVER_AHEAD_MS, SITE } from './harness';
import { nextWake } from './machine';
import { connectionOf } from './view';

describe('connecting', () => {
  it('asks for a token, opens, authenticates, and subscribes once ready', () => {
    const bench = new Bench();
    bench.do({ type: 'follow', topic: SITE });
    expect(bench.do({ type: 'start' })).toEqual([{ type: 'request_token', rejected: null }]);
    expect(kinds(bench.do({ type: 'token', value: 't', renewAt: bench.now + 60_000 }))).toEqual(['open']);
    expect(connectionOf(bench.state)).toEqual({ kind: 'connecting' });
    expect(sent(bench.do({ type: 'opened' }))).toEqual([{ type: 'auth', token: 't' }]);
    expect(sent(bench.frame({ type: 'ready', server_time: bench.serverNow }))).toEqual([{ type: 'subscribe', topic: SITE }]);
    expect(connectionOf(bench.state)).toEqual({ kind: 'live' });
    expect(bench.state.clockOffsetMs).toBe(SERVER_AHEAD_MS);
  });

  it('gives up an opening that hangs and tries again later', () => {
    const bench = new Bench();
    bench.do({ type: 'start' });
    bench.do({ type: 'token', value: 't', renewAt: bench.now + 600_000 });
    expect(kinds(bench.pass(12_000))).toEqual(['close']);
    expect(bench.state.link.name).toBe('waiting');
    expect(kinds(bench.pass(2_000))).toEqual(['open']);
  });

  it('waits and asks again when no token can be had', () => {
    const bench = new Bench();
    bench.do({ type: 'start' });
    bench.do({ type: 'token_unavailable' });
    expect(bench.state.link.name).toBe('waiting');
    expect(kinds(bench.pass(5_000))).toEqual(['request_token']);
  });

  it('uses a token that is already due rather than asking for ever', () => {
    const bench = new Bench();
    bench.do({ type: 'start' });
    expect(kinds(bench.do({ type: 'token', value: 't', renewAt: bench.now - 1 }))).toEqual(['open']);
  });
});

describe('losing the connection', () => {
  it('says since when, in server time, and resumes from where it was', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    const lastSign = bench.serverNow;
    bench.pass(3_000);
    bench.do({ type: 'closed', code: 1006 });
    expect(connectionOf(bench.state)).toEqual({ kind: 'reconnecting', since: lastSign });
    expect(bench.site).toMatchObject({ status: 'awaiting', staleSince: lastSign });
    expect(kinds(bench.pass(1_000))).toEqual(['open']);
    bench.do({ type: 'opened' });
    expect(sent(bench.frame({ type: 'ready', server_time: bench.serverNow }))).toEqual([{ type: 'subscribe', topic: SITE, since: { epoch: 1, seq: 10 } }]);
    expect(bench.site.staleSince).toBe(lastSign);
    bench.frame({ type: 'resumed', topic: SITE, epoch: 1, seq: 10 });
    expect(bench.site).toMatchObject({ status: 'current', staleSince: null });
  });

  it('backs off exponentially, with jitter and a cap', () => {
    const bench = new Bench();
    bench.goLive();
    const delays: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      bench.do({ type: 'closed', code: 1006 });
      delays.push((nextWake(bench.state) ?? 0) - bench.now);
      bench.pass(delays.at(-1) ?? 0);
      expect(bench.state.link.name).toBe('opening');
    }
    expect(delays).toEqual([650, 1_300, 2_600, 5_200, 10_400, 13_000, 13_000, 13_000]);
  });

  it('forgets earlier failures only after a connection proved stable', () => {
    const bench = new Bench();
    const reconnect = () => {
      bench.pass((nextWake(bench.state) ?? 0) - bench.now);
      bench.do({ type: 'opened' });
      bench.frame({ type: 'ready', server_time: bench.serverNow });
    };
    bench.goLive();
    for (let loss = 0; loss < 3; loss += 1) {
      bench.do({ type: 'closed', code: 1006 });
      reconnect();
    }
    expect(bench.state.attempt).toBe(3);
    bench.pass(11_000);
    bench.do({ type: 'closed', code: 1006 });
    expect(bench.state.attempt).toBe(0);
  });

  it.each([1012, 1013])('comes back after %i when the server asked it to', (code) => {
    const bench = new Bench();
    bench.goLive();
    bench.frame({ type: 'closing', code: 'restart', retry_after_ms: 4_000 });
    bench.do({ type: 'closed', code });
    expect((nextWake(bench.state) ?? 0) - bench.now).toBe(4_500);
  });

  it('gives an overloaded server more time than a restarted one', () => {
    const [restarted, overloaded] = [1012, 1013].map((code) => {
      const bench = new Bench();
      bench.goLive();
      bench.do({ type: 'closed', code });
      return (nextWake(bench.state) ?? 0) - bench.now;
    });
    expect(overloaded).toBeGreaterThan(restarted ?? Infinity);
  });

  it('does not vouch for copies after a frame it cannot read', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    expect(kinds(bench.do({ type: 'frame', frame: { type: 'fault', reason: 'malformed', detail: '' } }))).toEqual(['close']);
    expect(bench.site.staleSince).not.toBeNull();
  });

  it('ignores a frame type of a newer server', () => {
    const bench = new Bench();
    bench.goLiveWithCopy();
    expect(bench.do({ type: 'frame', frame: { type: 'fault', reason: 'unknown_type', detail: 'hint' } })).toEqual([]);
    expect(bench.site.status).toBe('current');
  });
});

describe('liveness', () => {
  it('asks a quiet server for a sign of life and keeps a connection that answers', () => {
    const bench = new Bench();
    bench.goLive();
    for (let i = 0; i < 10; i += 1) {
      expect(sent(bench.pass(15_000))).toEqual([{ type: 'ping' }]);
      bench.frame({ type: 'pong', server_time: bench.serverNow });
    }
    expect(connectionOf(bench.state)).toEqual({ kind: 'live' });
  });

  it('drops a connection that is silent for 45 s', () => {
    const bench = new Bench();
    bench.goLive();
    expect(kinds(bench.pass(44_999))).not.toContain('close');
    expect(kinds(bench.pass(1))).toContain('close');
    expect(connectionOf(bench.state).kind).toBe('reconnecting');
  });

  it('lets a tab that slept ask first', () => {
    const bench = new Bench();
    bench.goLive();
    bench.now += 300_000;
    expect(sent(bench.do({ type: 'tick' }))).toEqual([{ type: 'ping' }]);
    bench.now += 200;
    bench.frame({ type: 'pong', server_time: bench.serverNow });
    bench.pass(10_000);
    expect(connectionOf(bench.state)).toEqual({ kind: 'live' });
  });

  it('probes at once when the browser says the network is gone, and believes the answer', () => {
    const bench = new Bench();
    bench.goLive();
    expect(sent(bench.do({ type: 'network', online: false }))).toEqual([{ type: 'ping' }]);
    bench.frame({ type: 'pong', server_time: bench.serverNow });
    expect(connectionOf(bench.state)).toEqual({ kind: 'live' });
    bench.do({ type: 'network', online: false });
    bench.pass(10_000);
    expect(connectionOf(bench.state).kind).toBe('offline');
    expect(kinds(bench.do({ type: 'network', online: true }))).toEqual(['open']);
    expect(connectionOf(bench.state).kind).toBe('reconnecting');
  });

  it('measures the server clock through half the round trip', () => {
    const bench = new Bench();
    bench.goLive();
    bench.pass(15_000);
    const answeredAt = bench.serverNow + 100;
    bench.now += 200;
    bench.frame({ type: 'pong', server_time: answeredAt });
    expect(bench.state.clockOffsetMs).toBe(SERVER_AHEAD_MS);
  });
});

describe('authority', () => {
  it('renews the token on the live connection before it ends', () => {
    const bench = new Bench();
    bench.do({ type: 'follow', topic: SITE });
    bench.goLive(10_000);
    expect(bench.pass(10_000)).toContainEqual({ type: 'request_token', rejected: null });
    expect(sent(bench.do({ type: 'token', value: 'token-2', renewAt: bench.now + 600_000 }))).toEqual([{ type: 'auth', token: 'token-2' }]);
    expect(bench.frame({ type: 'ready', server_time: bench.serverNow })).toEqual([]);
  });

  it('gets a new token after 4401 and connects again', () => {
    const bench = new Bench();
    bench.goLive();
    expect(bench.do({ type: 'closed', code: 4401 })).toEqual([{ type: 'request_token', rejected: 'token-1' }]);
    expect(kinds(bench.do({ type: 'token', value: 'token-2', renewAt: bench.now + 60_000 }))).toEqual(['open']);
  });

  it('asks a person when fresh tokens are refused three times', () => {
    const bench = new Bench();
    bench.goLive();
    for (const value of ['a', 'b']) {
      bench.do({ type: 'closed', code: 4401 });
      bench.do({ type: 'token', value, renewAt: bench.now + 60_000 });
      bench.do({ type: 'opened' });
    }
    expect(bench.do({ type: 'closed', code: 4401 })).toContainEqual({ type: 'login_required', reason: 'unauthenticated' });
    expect(nextWake(bench.state)).toBeNull();
  });

  it.each([
    [4403, 'forbidden'],
    [4409, 'revoked'],
  ] as const)('asks for a login after %i', (code, reason) => {
    const bench = new Bench();
    bench.goLive();
    expect(bench.do({ type: 'closed', code })).toContainEqual({ type: 'login_required', reason });
    expect(connectionOf(bench.state).kind).toBe('offline');
    expect(kinds(bench.do({ type: 'start' }))).toEqual(['request_token']);
  });

  it('keeps a good connection when a renewal cannot be had yet', () => {
    const bench = new Bench();
    bench.goLive(10_000);
    bench.pass(10_000);
    bench.do({ type: 'token_unavailable' });
    expect(connectionOf(bench.state)).toEqual({ kind: 'live' });
    expect(kinds(bench.pass(5_000))).toContain('request_token');
  });
});

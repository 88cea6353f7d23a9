/** Whatever the network does, a copy that is called current equals the server's: snapshot plus deltas, over losses, gaps and resumes. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClientFrame, ServerFrame } from './frames';
import { Bench, sent, SITE } from './harness';
import { nextWake } from './machine';
import { type JsonObject, mergePatch } from './merge';

type Delta = Extract<ServerFrame, { type: 'delta' }>;

/** A server with one topic, a short memory of deltas, and a queue towards the client. */
class FakeServer {
  epoch = 1;
  seq = 0;
  data: JsonObject = { lines: {} };
  history: Delta[] = [];
  subscribed = false;
  outbox: ServerFrame[] = [];

  change(patch: JsonObject, at: number): void {
    const frame: Delta = { type: 'delta', topic: SITE, epoch: this.epoch, prev: this.seq, seq: this.seq + 1, at, data: patch };
    this.seq += 1;
    this.data = mergePatch(this.data, patch);
    this.history = [...this.history, frame].slice(-5);
    if (this.subscribed) this.outbox.push(frame);
  }

  /** After a restart the numbering starts afresh and nothing can be resumed. */
  restart(): void {
    this.epoch += 1;
    this.seq = 0;
    this.history = [];
    this.subscribed = false;
    this.outbox = [];
  }

  /** A reader that is too slow loses its queue and gets a fresh snapshot. */
  resetSlow(at: number): void {
    if (this.subscribed) this.outbox = [{ ...this.snapshot(at), reset: 'slow' }];
  }

  receive(frame: ClientFrame, at: number): void {
    if (frame.type === 'unsubscribe') this.subscribed = false;
    if (frame.type !== 'subscribe') return;
    this.subscribed = true;
    const { since } = frame;
    const missed = this.history.filter((delta) => since !== undefined && delta.prev >= since.seq);
    const complete = since?.epoch === this.epoch && (since.seq === this.seq || missed[0]?.prev === since.seq);
    if (since !== undefined && complete) {
      this.outbox.push({ type: 'resumed', topic: SITE, epoch: this.epoch, seq: since.seq }, ...missed);
    } else {
      this.outbox.push(this.snapshot(at));
    }
  }

  private snapshot(at: number) {
    return { type: 'snapshot' as const, topic: SITE, epoch: this.epoch, seq: this.seq, at, data: this.data };
  }
}

const line = fc.constantFrom('saw', 'press', 'mill');
const value = fc.oneof(fc.constant(null), fc.record({ status: fc.constantFrom('running', 'down', null), good: fc.integer({ min: 0, max: 3 }) }, { requiredKeys: [] }));
const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('change' as const), line, value }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('lose frame' as const, 'disconnect' as const, 'restart' as const, 'reset slow' as const) }) },
);

type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

function run(actions: Action[]): number {
  const bench = new Bench();
  const server = new FakeServer();
  let compared = 0;
  const toServer = (effects: ReturnType<Bench['do']>) => {
    for (const frame of sent(effects)) server.receive(frame, bench.serverNow);
  };
  const deliver = () => {
    const frame = server.outbox.shift();
    if (frame === undefined) return false;
    toServer(bench.frame(frame));
    return true;
  };
  const reconnect = () => {
    server.subscribed = false;
    server.outbox = [];
    bench.do({ type: 'closed', code: 1006 });
    bench.pass((nextWake(bench.state) ?? bench.now) - bench.now);
    bench.do({ type: 'opened' });
    toServer(bench.frame({ type: 'ready', server_time: bench.serverNow }));
  };
  const compare = () => {
    const { at, status, data } = bench.site;
    if (status === 'current' && at?.epoch === server.epoch && at.seq === server.seq) {
      expect(data).toEqual(server.data);
      compared += 1;
    }
  };

  bench.do({ type: 'follow', topic: SITE });
  toServer(bench.goLive(100_000_000));
  for (const next of actions) {
    if (next.do === 'change') server.change({ lines: { [next.line]: next.value } }, bench.serverNow);
    else if (next.do === 'deliver') deliver();
    else if (next.do === 'lose frame') server.outbox.shift();
    else if (next.do === 'reset slow') server.resetSlow(bench.serverNow);
    else {
      if (next.do === 'restart') server.restart();
      reconnect();
    }
    compare();
  }
  // One more change makes a lost last frame visible; an answer that was itself lost is asked for again.
  server.change({ end: true }, bench.serverNow);
  while (deliver());
  if (bench.site.status !== 'current') toServer(bench.pass(16_000));
  while (deliver());
  expect(bench.site.status).toBe('current');
  expect(bench.site.data).toEqual(server.data);
  compare();
  return compared;
}

it('a copy converges on the server over lost frames, disconnections, restarts and resets', () => {
  let compared = 0;
  fc.assert(fc.property(fc.array(action, { maxLength: 80 }), (actions) => { compared += run(actions); }), { numRuns: 400 });
  expect(compared).toBeGreaterThan(400);
});

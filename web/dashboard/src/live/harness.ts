/** What the tests of the live store share: a machine with a clock in hand, and the frames of a small site. */
import type { ServerFrame } from './frames';
import { nextWake, step } from './machine';
import { type Effect, initialState, type LiveEvent, type LiveState, type Topic } from './state';

export const SITE = 'site/rouen';
/** The server's clock runs ahead of the tablet's. */
export const SERVER_AHEAD_MS = 90_000;

export class Bench {
  state: LiveState = initialState;
  now = 1_000_000;
  random = 0.5;

  do(event: LiveEvent): Effect[] {
    const result = step(this.state, event, { now: this.now, random: this.random });
    this.state = result.state;
    return result.effects;
  }

  frame(frame: ServerFrame): Effect[] {
    return this.do({ type: 'frame', frame });
  }

  /** Lets time pass as the driver would: a tick at each wake, until `ms` later. */
  pass(ms: number): Effect[] {
    const end = this.now + ms;
    const effects: Effect[] = [];
    for (let wake = nextWake(this.state); wake !== null && wake <= end; wake = nextWake(this.state)) {
      this.now = Math.max(this.now, wake);
      effects.push(...this.do({ type: 'tick' }));
    }
    this.now = end;
    return effects;
  }

  get serverNow(): number {
    return this.now + SERVER_AHEAD_MS;
  }

  get site(): Topic {
    const topic = this.state.topics[SITE];
    if (topic === undefined) throw new Error('the site is not followed');
    return topic;
  }

  /** From stopped to ready, with a token that lasts `tokenMs`. */
  goLive(tokenMs = 600_000): Effect[] {
    this.do({ type: 'start' });
    this.do({ type: 'token', value: 'token-1', renewAt: this.now + tokenMs });
    this.do({ type: 'opened' });
    return this.frame({ type: 'ready', server_time: this.serverNow });
  }

  /** Live and with a first copy at seq 10. */
  goLiveWithCopy(): void {
    this.do({ type: 'follow', topic: SITE });
    this.goLive();
    this.frame({ type: 'snapshot', topic: SITE, epoch: 1, seq: 10, at: this.serverNow, data: { lines: { saw: { status: 'running' } } } });
  }
}

export const sent = (effects: Effect[]) => effects.flatMap((effect) => (effect.type === 'send' ? [effect.frame] : []));
export const kinds = (effects: Effect[]) => effects.map((effect) => effect.type);

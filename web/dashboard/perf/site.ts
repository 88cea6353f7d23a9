/** A site whose lines all count all the time, as the hub would send it: a snapshot, then merge patches of what changed. */

type Json = { [key: string]: Json | string | number | null };
type Status = 'running' | 'idle' | 'setup' | 'down' | 'offline';

type Line = { name: string; pause: boolean; status: Status; since: number; good: number; scrap: number; target: number; ordered: number; orderGood: number };

const REASONS: Record<Status, string | null> = { running: null, idle: 'no-material', setup: null, down: 'tool-break', offline: null };
const ANDON: Record<Status, string> = { running: 'green', idle: 'amber', setup: 'amber', down: 'red', offline: 'grey' };
/** How likely a line changes its state within one delta: some lines do at any moment, as in a plant where much goes wrong. */
const STATE_CHANGE = 0.002;

export class PerfSite {
  readonly code: string;
  readonly #lines = new Map<string, Line>();
  readonly #random: () => number;

  constructor(code: string, lines: number, now: number, seed = 7) {
    this.code = code;
    this.#random = mulberry(seed);
    for (let n = 1; n <= lines; n += 1) {
      const pause = n % 11 === 9;
      const status = pause ? 'idle' : this.#pick<Status>(['running', 'running', 'running', 'running', 'running', 'running', 'running', 'running', 'running', 'idle', 'setup', 'down', 'offline']);
      this.#lines.set(`line-${n}`, { name: `${this.#pick(['Sciage', 'Fraisage', 'Tournage', 'Laminoir', 'Peinture', 'Emballage'])} ${n}`, pause, status, since: now - Math.floor(this.#random() * 7_200_000), good: 400 + (n % 90), scrap: n % 4, target: 480, ordered: 20_000, orderGood: 9_000 + 17 * n });
    }
  }

  snapshot(): Json {
    return { site: { code: this.code, name: `Usine ${this.code}`, time_zone: 'Europe/Paris' }, lines: Object.fromEntries([...this.#lines].map(([code, line]) => [code, whole(line)])), alerts: { critical: 1, high: 4, medium: 0, low: 2 } };
  }

  /** Every line counts; some change their state. */
  delta(now: number): Json {
    const lines: Json = {};
    for (const [code, line] of this.#lines) {
      line.good += 1;
      line.orderGood += 1;
      if (this.#random() < 0.3) line.target += 1;
      const patch: Json = { order: order(line), shift: shift(line) };
      if (!line.pause && this.#random() < STATE_CHANGE) {
        line.status = this.#pick<Status>(['running', 'running', 'running', 'idle', 'setup', 'down']);
        line.since = now;
        Object.assign(patch, state(line));
      }
      lines[code] = patch;
    }
    return { lines };
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

function whole(line: Line): Json {
  const { reason, ...rest } = state(line);
  const alerts = { critical: 0, high: line.status === 'down' ? 1 : 0, medium: 0, low: line.good % 17 === 0 ? 1 : 0 };
  const hour = 3_600_000;
  return {
    name: line.name,
    ...rest,
    ...(reason === null || reason === undefined ? {} : { reason }),
    ...(line.pause ? { planned_stop: { name: 'Pause', to: new Date(Math.ceil(Date.now() / hour) * hour + hour / 3).toISOString() } } : {}),
    order: { code: `PO-${line.ordered + line.orderGood}`, article: 'BRK-40-S355', quantity: String(line.ordered), scrap: '2', expected_end: new Date(line.since + 3 * hour).toISOString(), due: new Date(line.since + (2 + (line.good % 3)) * hour).toISOString(), ...order(line) },
    shift: { name: 'late', scrap: String(line.scrap), ...shift(line) },
    alerts,
  };
}

function state(line: Line): Json {
  const one = (status: Status) => (line.status === status ? 1 : 0);
  return {
    status: line.status,
    andon: ANDON[line.status],
    since: new Date(line.since).toISOString(),
    reason: REASONS[line.status],
    machines: { running: 2 + one('running'), idle: one('idle'), setup: one('setup'), down: one('down'), maintenance: 0, offline: one('offline') },
  };
}

function order(line: Line): Json {
  return { good: String(line.orderGood), progress_ratio: Math.round((line.orderGood / line.ordered) * 10_000) / 10_000 };
}

function shift(line: Line): Json {
  return { good: String(line.good), target: String(line.target), oee: Math.round(Math.min(1, line.good / line.target) * 8_000) / 10_000 };
}

/** A small seeded generator, so that two runs see the same plant. */
function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** When the page paints: with the next animation frame, unless painting takes so long that it would leave no time for anything else. */

/** For each millisecond of painting the page rests this many; so painting has at most 40 % of the main thread. */
const REST_PER_WORK = 1.5;
/** A single slow paint (a tab that was asleep) must not hold back the next change for long. */
const LONGEST_REST_MS = 400;
/** How much the newest paint counts in the running mean. */
const WEIGHT = 0.25;

/** How long to rest after paints that take `workMs` on average. */
export function restMs(workMs: number): number {
  return Math.min(LONGEST_REST_MS, workMs * REST_PER_WORK);
}

export type Surroundings = {
  now: () => number;
  /** Runs a task in the next animation frame. */
  inFrame: (task: () => void) => void;
  /** Runs a task when the browser has laid out and painted what the running frame changed. */
  afterPaint: (task: () => void) => void;
  later: (task: () => void, ms: number) => void;
};

export class PaintPace {
  readonly #page: Surroundings;
  #workMs = 0;
  #restUntil = 0;
  /** A paint is under way; how long it takes is not known yet. */
  #painting = false;
  /** What was asked for meanwhile. */
  #waiting: (() => void) | null = null;

  constructor(page: Surroundings) {
    this.#page = page;
  }

  /** Runs `paint` in an animation frame, when the page has rested from the last one. At most one may be pending. */
  schedule(paint: () => void): void {
    if (this.#painting) {
      this.#waiting = paint;
      return;
    }
    const wait = this.#restUntil - this.#page.now();
    const soon = () => { this.#page.inFrame(() => { this.#run(paint); }); };
    if (wait > 0) this.#page.later(soon, wait);
    else soon();
  }

  #run(paint: () => void): void {
    const started = this.#page.now();
    this.#painting = true;
    this.#page.afterPaint(() => {
      const now = this.#page.now();
      this.#painting = false;
      this.#workMs += WEIGHT * (now - started - this.#workMs);
      this.#restUntil = now + restMs(this.#workMs);
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting !== null) this.schedule(waiting);
    });
    paint();
  }
}

/** The real page. */
export function browserSurroundings(): Surroundings {
  // A message that is sent from a frame arrives after the frame.
  const { port1, port2 } = new MessageChannel();
  let tasks: (() => void)[] = [];
  port1.onmessage = () => {
    const due = tasks;
    tasks = [];
    for (const task of due) task();
  };
  return {
    now: () => performance.now(),
    inFrame: (task) => { requestAnimationFrame(task); },
    afterPaint: (task) => {
      tasks.push(task);
      port2.postMessage(null);
    },
    later: (task, ms) => { setTimeout(task, ms); },
  };
}

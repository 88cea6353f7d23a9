/** Notices that the hub serves another build of the dashboard than the one that runs here. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { z } from '../zod';

const POLL_MS = 60_000;
const AFTER_RECONNECT_MS = 5_000;
/** Behind a proxy two hubs may differ for a while: the same version is not fetched again and again. */
export const RELOAD_AGAIN_MS = 600_000;

const TIMEOUT_MS = 15_000;
const STORAGE_KEY = 'topsteel.reloaded';

const versionFile = z.object({ version: z.string().min(1) });
const lastReload = z.object({ version: z.string(), at: z.number() });

/** About once a minute, never in step with the other boards of the hall. */
export function pollDelayMs(random: number): number {
  return Math.round(POLL_MS * (0.75 + 0.5 * random));
}

/** A hub that comes back may be a new one; the boards of the hall ask one after another. */
export function reconnectDelayMs(random: number): number {
  return Math.round(AFTER_RECONNECT_MS * random);
}

/** Whether a page may reload by itself for this version, and remembers that it did. */
export function claimReload(storage: Pick<Storage, 'getItem' | 'setItem'>, version: string, now: number): boolean {
  const before = lastReload.safeParse(parse(storage.getItem(STORAGE_KEY)));
  if (before.success && before.data.version === version && now - before.data.at < RELOAD_AGAIN_MS) return false;
  storage.setItem(STORAGE_KEY, JSON.stringify({ version, at: now }));
  return true;
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

export type VersionWatchOptions = {
  /** The version that runs; null where it has none (the development server). */
  own: string | null;
  /** The version that the hub serves; null where it cannot be had. */
  served: () => Promise<string | null>;
  random?: () => number;
};

export class VersionWatch {
  /** The version that waits to be loaded; null while the running one is served. */
  readonly waiting: StoreApi<{ version: string | null }> = createStore(() => ({ version: null }));
  readonly #options: Required<VersionWatchOptions>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: VersionWatchOptions) {
    this.#options = { random: Math.random, ...options };
  }

  /** Asks from time to time. Returns how to stop. */
  start(): () => void {
    this.#askAfter(pollDelayMs(this.#options.random()));
    return () => { clearTimeout(this.#timer); };
  }

  /** The connection to the hub is back: asks soon, instead of at the next turn. */
  reconnected(): void {
    this.#askAfter(reconnectDelayMs(this.#options.random()));
  }

  #askAfter(delayMs: number): void {
    if (this.#options.own === null) return;
    clearTimeout(this.#timer);
    const timer = setTimeout(() => { void this.#ask(timer); }, delayMs);
    this.#timer = timer;
  }

  async #ask(timer: ReturnType<typeof setTimeout>): Promise<void> {
    const version = await this.#options.served();
    // Stopped, or asked anew, in between.
    if (this.#timer !== timer) return;
    if (version !== null) this.waiting.setState({ version: version === this.#options.own ? null : version });
    this.#askAfter(pollDelayMs(this.#options.random()));
  }
}

/** What the build wrote into this page. */
export function ownVersion(page: Document): string | null {
  return page.querySelector('meta[name="version"]')?.getAttribute('content') ?? null;
}

export async function servedVersion(): Promise<string | null> {
  try {
    const response = await fetch('/version.json', { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return null;
    const file = versionFile.safeParse(await response.json());
    return file.success ? file.data.version : null;
  } catch {
    return null;
  }
}

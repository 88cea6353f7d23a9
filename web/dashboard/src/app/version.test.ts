/** The version watch: asks rarely and never in step, notices another build, and does not reload for the same one again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimReload, pollDelayMs, reconnectDelayMs, RELOAD_AGAIN_MS, VersionWatch } from './version';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

describe('the watch', () => {
  const served = vi.fn<() => Promise<string | null>>();
  const watch = (own: string | null = 'a') => new VersionWatch({ own, served, random: () => 0.5 });
  beforeEach(() => { served.mockReset().mockResolvedValue('a'); });

  it('asks once a minute and keeps quiet while its own version is served', async () => {
    const watched = watch();
    watched.start();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(served).toHaveBeenCalledTimes(0);
    await vi.advanceTimersByTimeAsync(120_001);
    expect(served).toHaveBeenCalledTimes(3);
    expect(watched.waiting.getState().version).toBeNull();
  });

  it('says which version waits, and takes it back when the old one is served again', async () => {
    const watched = watch();
    watched.start();
    served.mockResolvedValue('b');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watched.waiting.getState().version).toBe('b');
    served.mockResolvedValue('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watched.waiting.getState().version).toBeNull();
  });

  it('asks soon after a reconnect, and goes on once a minute', async () => {
    const watched = watch();
    watched.start();
    await vi.advanceTimersByTimeAsync(30_000);
    watched.reconnected();
    await vi.advanceTimersByTimeAsync(2_500);
    expect(served).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(served).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(served).toHaveBeenCalledTimes(2);
  });

  it('knows nothing while the hub does not answer', async () => {
    const watched = watch();
    watched.start();
    served.mockResolvedValue('b');
    await vi.advanceTimersByTimeAsync(60_000);
    served.mockResolvedValue(null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(watched.waiting.getState().version).toBe('b');
  });

  it('leaves no timer behind, and asks nothing without a version of its own', async () => {
    const stop = watch().start();
    stop();
    expect(vi.getTimerCount()).toBe(0);
    watch(null).start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(served).not.toHaveBeenCalled();
  });
});

describe('a hall of boards', () => {
  it('asks spread over half a minute, and over five seconds after a restart', () => {
    expect([pollDelayMs(0), pollDelayMs(0.999)]).toEqual([45_000, 74_970]);
    expect([reconnectDelayMs(0), reconnectDelayMs(0.999)]).toEqual([0, 4_995]);
  });
});

describe('reloading by itself', () => {
  const storage = () => {
    const items = new Map<string, string>();
    return { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => { items.set(key, value); } };
  };

  it('happens once for a version, and again only much later', () => {
    const kept = storage();
    expect(claimReload(kept, 'b', 0)).toBe(true);
    expect(claimReload(kept, 'b', RELOAD_AGAIN_MS - 1)).toBe(false);
    expect(claimReload(kept, 'c', 1)).toBe(true);
    expect(claimReload(kept, 'b', 2)).toBe(true);
    expect(claimReload(kept, 'b', 2 + RELOAD_AGAIN_MS)).toBe(true);
  });

  it('is not stopped by what somebody else wrote', () => {
    const kept = storage();
    kept.setItem('topsteel.reloaded', '{broken');
    expect(claimReload(kept, 'b', 0)).toBe(true);
  });
});

/** What a kiosk asks of the screen: all of it, no sleep, no pointer while nobody moves it. All of it is optional. */
import { useEffect, useState, useSyncExternalStore } from 'react';

const IDLE_MS = 4_000;
const SIGNS = ['pointermove', 'pointerdown', 'wheel', 'keydown', 'touchstart'] as const;

/** True while nobody has touched anything for a while; calls `onTouch` when somebody does. */
export function useIdle(onTouch: () => void): boolean {
  const [idle, setIdle] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(() => { setIdle(true); }, IDLE_MS);
      setIdle(false);
      onTouch();
    };
    for (const sign of SIGNS) window.addEventListener(sign, touched, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS) window.removeEventListener(sign, touched);
    };
  }, [onTouch]);
  return idle;
}

/** Keeps the screen awake where the browser can, also after the page was hidden for a while. */
export function useWakeLock(): void {
  useEffect(() => {
    // Missing where the page is not a secure context, whatever the type says.
    if (!('wakeLock' in navigator)) return;
    let ended = false;
    let lock: WakeLockSentinel | null = null;
    const request = async () => {
      if (document.visibilityState !== 'visible' || (lock !== null && !lock.released)) return;
      try {
        const granted = await navigator.wakeLock.request('screen');
        if (ended) void granted.release();
        else lock = granted;
      } catch (cause) {
        // A board on the mains has no other loss than a screen that may sleep.
        console.warn('the screen may go to sleep', cause);
      }
    };
    const asked = () => { void request(); };
    asked();
    document.addEventListener('visibilitychange', asked);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', asked);
      void lock?.release();
    };
  }, []);
}

function onFullscreen(listener: () => void): () => void {
  document.addEventListener('fullscreenchange', listener);
  return () => { document.removeEventListener('fullscreenchange', listener); };
}

/** Whether the page fills the screen, and how to change that; the browser wants a gesture for it. */
export function useFullscreen(): { available: boolean; full: boolean; toggle: () => void } {
  const full = useSyncExternalStore(onFullscreen, () => document.fullscreenElement !== null);
  const toggle = () => {
    const change = full ? document.exitFullscreen() : document.documentElement.requestFullscreen({ navigationUI: 'hide' });
    change.catch((cause: unknown) => { console.warn('the browser does not change to or from full screen', cause); });
  };
  return { available: document.fullscreenEnabled, full, toggle };
}

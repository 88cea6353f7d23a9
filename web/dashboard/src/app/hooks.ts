/** What components know of the session, the clock, the locale and the topics. */
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { formatsFor, type Formats } from '../format/format';
import { localeOf } from '../i18n';
import type { Topic } from '../live/state';
import { live, session, useLive } from './services';

export function useSession() {
  return useStore(session.status);
}

/** Follows a topic as long as the component is shown; undefined until the store has heard of it. */
export function useTopic(name: string): Topic | undefined {
  useEffect(() => live.follow(name), [name]);
  return useLive((state) => state.topics[name]);
}

export function useFormats(timeZone?: string): Formats {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language);
  const key = `${locale} ${timeZone ?? ''}`;
  const known = formatsByLocale.get(key) ?? formatsFor(locale, timeZone);
  formatsByLocale.set(key, known);
  return known;
}

// Making an Intl object costs far more than using it, and 200 tiles use the same ones.
const formatsByLocale = new Map<string, Formats>();

const tickers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all ages on the page, so that they change together. */
function onSecond(listener: () => void): () => void {
  tickers.add(listener);
  timer ??= setInterval(() => { for (const tick of tickers) tick(); }, 1_000);
  return () => {
    tickers.delete(listener);
    if (tickers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

const currentSecond = () => Math.floor(Date.now() / 1_000) * 1_000;

/** The server time at which the shown data ends; null while it is live. */
export const AsOf = createContext<number | null>(null);

/** The server's clock against this one's, to the second. */
function useOffset(): number {
  return useLive((state) => Math.round((state.clockOffsetMs ?? 0) / 1_000) * 1_000);
}

/** The time of the server, to the second; it ticks. */
export function useServerNow(): number {
  return useSyncExternalStore(onSecond, currentSecond) + useOffset();
}

/**
 * A text about shown data that depends on the time of the server; the component renders only when the text changes, which for
 * most ages is once a minute. What is stale does not get older, because nobody knows.
 */
export function useDataText(textAt: (now: number) => string): string {
  const offset = useOffset();
  const asOf = useContext(AsOf);
  return useSyncExternalStore(onSecond, () => textAt(asOf ?? currentSecond() + offset));
}

/** The time of the shown data: the server's, to the second, or where it ends if it is stale. */
export function useDataNow(): number {
  const now = useServerNow();
  return useContext(AsOf) ?? now;
}

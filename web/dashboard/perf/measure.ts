/** What Chromium says of a page: how busy its main thread is, what its heap holds after a collection, what it lays out. */
import type { Browser, CDPSession, Page } from '@playwright/test';

type TraceEvent = { name: string; ph: string; pid: number; tid: number; ts: number; dur?: number; tdur?: number; args?: { name?: string; data?: { frame?: string } } };

export type Metrics = { taskS: number; scriptS: number; layoutS: number; styleS: number; layouts: number; heapMb: number; nodes: number; listeners: number; at: number };

export async function openMeter(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  // Processor time of the main thread: wall time also runs while other programs have the processor.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await session.send('HeapProfiler.enable');
  return session;
}

/** Counters since the page was opened, in seconds of processor time; the heap is what is left after a full collection. */
export async function read(session: CDPSession): Promise<Metrics> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    taskS: value('TaskDuration'),
    scriptS: value('ScriptDuration'),
    layoutS: value('LayoutDuration'),
    styleS: value('RecalcStyleDuration'),
    layouts: value('LayoutCount'),
    heapMb: value('JSHeapUsedSize') / 1e6,
    nodes: value('Nodes'),
    listeners: value('JSEventListeners'),
    at: Date.now() / 1_000,
  };
}

export type Window = { /** Wall time within tasks. */ wall: number; /** Processor time within tasks. */ cpu: number; longestMs: number; /** Animation frames in which the page showed something new. */ paintsPerS: number };

/** The share of a window of `ms` in which the page's main thread ran tasks, from a trace. */
export async function traceWindow(browser: Browser, page: Page, ms: number): Promise<Window> {
  await browser.startTracing(page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await page.waitForTimeout(ms);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const main = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain').map(thread));
  const inMain = traceEvents.filter((event) => event.ph === 'X' && main.has(thread(event)));
  // Other renderers idle, so the busiest main thread is the page's.
  const threads = [...new Set(inMain.map(thread))].map((name) => inMain.filter((event) => thread(event) === name));
  const busiest = threads.sort((a, b) => tasks(b).totalMs - tasks(a).totalMs)[0] ?? [];
  const times = busiest.map(({ ts }) => ts);
  const spanMs = Math.max(ms, (Math.max(...times) - Math.min(...times)) / 1_000);
  const { totalMs, cpuMs, longestMs } = tasks(busiest);
  const paints = busiest.filter(({ name }) => name === 'FireAnimationFrame').length;
  return { wall: totalMs / spanMs, cpu: cpuMs / spanMs, longestMs, paintsPerS: paints / (spanMs / 1_000) };
}

function thread({ pid, tid }: TraceEvent): string {
  return `${pid}/${tid}`;
}

function tasks(events: readonly TraceEvent[]): { totalMs: number; cpuMs: number; longestMs: number } {
  const run = events.filter(({ name }) => name === 'RunTask');
  const sum = (durations: number[]) => durations.reduce((total, dur) => total + dur / 1_000, 0);
  return { totalMs: sum(run.map(({ dur = 0 }) => dur)), cpuMs: sum(run.map(({ tdur = 0 }) => tdur)), longestMs: Math.max(0, ...run.map(({ dur = 0 }) => dur / 1_000)) };
}

/**
 * 200 tiles that change 20 times a second each: is the main thread less than half busy, and is the heap flat? The share is processor
 * time; the wall time of the same tasks is beside it, which on a machine that is shared counts the others' work too.
 * PERF_SECONDS (600), PERF_LINES (200), PERF_PATH (`/kiosk?sites=a`), PERF_OUT (a folder for the JSON),
 * PERF_DIST (another build than `dist`) change what is measured.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openMeter, read, traceWindow } from './measure';
import { PerfServer } from './server';
import { PerfSite } from './site';

const SECONDS = Number(process.env['PERF_SECONDS'] ?? 600);
const LINES = Number(process.env['PERF_LINES'] ?? 200);
const PATH = process.env['PERF_PATH'] ?? '/kiosk?sites=a';
const OUT = process.env['PERF_OUT'];
const DIST = process.env['PERF_DIST'] ?? join(import.meta.dirname, '../dist');
const ROUNDS = 10;
const TRACE_MS = 5_000;
const WARM_UP_MS = 10_000;
const MOST_BUSY = 0.5;
/** Flat: between the halves of the run the mean heap after a collection grows by less than this. */
const MOST_GROWTH_MB = 2;

test(`${LINES} lines, 20 deltas a second, ${SECONDS} s at ${PATH}`, async ({ page, browser }) => {
  const server = new PerfServer(DIST, [new PerfSite('a', LINES, Date.now())]);
  const url = await server.listen();
  await page.addInitScript(() => { localStorage.setItem('topsteel.refresh_token', 'perf'); });
  await page.goto(url + PATH);
  await expect(page.getByRole('article')).toHaveCount(LINES);
  await page.waitForTimeout(WARM_UP_MS);

  const meter = await openMeter(page);
  const loadBefore = loadavg()[0];
  const framesBefore = server.frames;
  const first = await read(meter);
  let before = first;
  const rounds = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const began = Date.now();
    const trace = await traceWindow(browser, page, TRACE_MS);
    await page.waitForTimeout(Math.max(0, (SECONDS * 1_000) / ROUNDS - (Date.now() - began)));
    const now = await read(meter);
    const wall = now.at - before.at;
    rounds.push({
      atS: Math.round(now.at - first.at),
      tracedCpu: trace.cpu,
      tracedWall: trace.wall,
      cpu: (now.taskS - before.taskS) / wall,
      script: (now.scriptS - before.scriptS) / wall,
      styleAndLayout: (now.styleS - before.styleS + now.layoutS - before.layoutS) / wall,
      paintsPerS: trace.paintsPerS,
      longestTaskMs: trace.longestMs,
      heapMb: now.heapMb,
      nodes: now.nodes,
      listeners: now.listeners,
      load: loadavg()[0],
    });
    before = now;
  }
  const framesPerS = (server.frames - framesBefore) / (before.at - first.at);
  await page.goto('about:blank');
  server.close();

  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const half = Math.floor(rounds.length / 2);
  const cpu = (before.taskS - first.taskS) / (before.at - first.at);
  const wall = mean(rounds.map(({ tracedWall }) => tracedWall));
  const growthMb = mean(rounds.slice(half).map(({ heapMb }) => heapMb)) - mean(rounds.slice(0, half).map(({ heapMb }) => heapMb));
  const summary = { path: PATH, lines: LINES, seconds: SECONDS, framesPerS, cpu, wall, growthMb, cpus: cpus().length, loadBefore, rounds };
  console.table(rounds.map((round) => Object.fromEntries(Object.entries(round).map(([name, value]) => [name, Math.round((value ?? 0) * 1_000) / 1_000]))));
  console.log(JSON.stringify({ ...summary, rounds: undefined }));
  if (OUT !== undefined) await writeFile(join(OUT, 'board-perf.json'), JSON.stringify(summary, null, 2));
  expect(cpu, 'share of the main thread').toBeGreaterThan(0);
  expect(cpu, 'share of the main thread').toBeLessThan(MOST_BUSY);
  expect(growthMb, 'growth of the heap').toBeLessThan(MOST_GROWTH_MB);
});

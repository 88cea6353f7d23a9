/**
 * The pictures of the README, taken from the running demo: docs/board.png and docs/line.png. With SCREENS_DIR also every view on
 * every screen in both themes, into that folder. SCREENS_SITE and SCREENS_LINE choose what is shown.
 */
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { Hub } from '../e2e/hub';
import { settled, SIZES, THEMES } from './sizes';

const DOCS = join(import.meta.dirname, '../../../docs');
const DIR = process.env['SCREENS_DIR'];
const PICTURE = { width: 1280, height: 720 };
/** How long the demo runs before the pictures, so that shifts, charts and stops have something to show. */
const WARM_UP_MS = Number(process.env['SCREENS_WARM_UP_S'] ?? 90) * 1_000;
/** Long enough for charts and queries of a view that has just been opened. */
const SETTLE_MS = 1_500;

test('the pictures of the README, and with SCREENS_DIR every view', async ({ page }) => {
  const hub = await Hub.startDemo();
  try {
    await signIn(page, hub);
    const site = process.env['SCREENS_SITE'] ?? new URL(page.url()).pathname.split('/')[2] ?? '';
    await page.goto(`${hub.url}/sites/${site}`);
    await hasData(page);
    await page.waitForTimeout(WARM_UP_MS);
    await page.setViewportSize(PICTURE);
    await page.emulateMedia({ colorScheme: 'light' });
    await picture(page, join(DOCS, 'board.png'));
    const line = process.env['SCREENS_LINE'] ?? (await runningLine(page));
    await page.goto(`${hub.url}/sites/${site}/lines/${line}`);
    await picture(page, join(DOCS, 'line.png'));
    if (DIR !== undefined) await everyView(page, hub, DIR);
  } finally {
    await hub.dispose();
  }
});

/** The demo creates its users after the hub listens: a login may come too early. */
async function signIn(page: Page, hub: Hub): Promise<void> {
  await page.goto(hub.url);
  await expect(async () => {
    await page.getByLabel('Email').fill('admin@demo.local');
    await page.getByLabel('Password').fill('demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('article').first()).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
}

/** An order has made progress and a shift has an OEE. */
async function hasData(page: Page): Promise<void> {
  await expect(page.locator('.progress:not([aria-valuenow="0"])').first()).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('.tile-figures [data-wide="true"] dd', { hasText: '%' }).first()).toBeVisible({ timeout: 120_000 });
}

/** A line that makes an order shows more than one that waits. */
async function runningLine(page: Page): Promise<string> {
  for (const wanted of ['.tile[data-group="running"]:has(.progress)', '.tile:has(.progress)', '.tile']) {
    const tile = page.locator(wanted).first();
    if ((await tile.count()) > 0) return (await tile.getAttribute('data-line')) ?? '';
  }
  throw new Error('the board has no line');
}

async function picture(page: Page, path: string): Promise<void> {
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.waitForTimeout(SETTLE_MS);
  await settled(page);
  await page.screenshot({ path });
}

/** What the navigation leads to from a line, and the line itself. */
async function everyView(page: Page, hub: Hub, dir: string): Promise<void> {
  await page.setViewportSize({ width: 1920, height: 1080 });
  const line = new URL(page.url()).pathname;
  const links = await page.getByRole('navigation', { name: 'Views' }).getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  for (const path of new Set([line, ...links])) {
    for (const { name, width, height } of SIZES) {
      for (const theme of THEMES) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: theme });
        await page.goto(hub.url + path);
        await picture(page, join(dir, `${path.replace(/^\/(sites\/)?/, '').replaceAll(/\W+/g, '-')}-${name}-${theme}.png`));
      }
    }
  }
}

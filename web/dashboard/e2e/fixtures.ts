/** What the browser tests share: a running demo hub, and a supervisor in front of it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { Hub } from './hub';
import { Plant } from './plant';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The page as a supervisor uses it. */
export class Supervisor {
  readonly page: Page;
  readonly #hub: Hub;

  constructor(page: Page, hub: Hub) {
    this.page = page;
    this.#hub = hub;
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(this.#hub.url + path);
  }

  async logIn(password = 'demo'): Promise<void> {
    await this.page.getByLabel('Email').fill('supervisor@demo.local');
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  get tiles(): Locator {
    return this.page.getByRole('list', { name: 'Lines by need' }).getByRole('article');
  }

  get connection(): Locator {
    return this.page.getByRole('status', { name: 'Connection' });
  }

  async seesLiveBoard(): Promise<void> {
    await expect(this.tiles.first()).toBeVisible();
    await expect(this.connection).toHaveText('Live');
  }

  /** Signs in at an address and waits for what is there to be live. */
  async arrive(path: string): Promise<void> {
    await this.open(path);
    // The demo plant creates its users after the hub listens: a login may come too early.
    await expect(async () => {
      await this.logIn();
      await expect(this.connection).toHaveText('Live', { timeout: 10_000 });
    }).toPass({ timeout: 40_000 });
  }

  /** Everything counted on the board, as text; ages are left out because they change by themselves. */
  async figures(): Promise<string> {
    const texts = await this.page.locator('.tile-figures, .tile-order').allInnerTexts();
    return texts.sort().join('\n');
  }

  accessibilityFaults(): Promise<string[]> {
    return faultsOf(this.page);
  }
}

/** Accessibility faults that axe finds against WCAG 2.2 AA, one line each. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

/** Loads the page in both languages and both themes, and lets axe look at each; afterwards it is English again. */
export async function axeFindsNothing(page: Page): Promise<void> {
  for (const language of ['fr', 'en']) {
    await page.evaluate((code) => { localStorage.setItem('topsteel.language', code); }, language);
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await faultsOf(page), `${language}, ${colorScheme}`).toEqual([]);
    }
  }
}

type Fixtures = { hub: Hub; plant: Plant; supervisor: Supervisor };

export const test = base.extend<Fixtures>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures used from this pattern
  hub: async ({}, use, testInfo) => {
    const hub = await Hub.startDemo();
    await use(hub);
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('hub log', { body: await hub.log(), contentType: 'text/plain' });
    await hub.dispose();
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  plant: async ({}, use, testInfo) => {
    const plant = await Plant.start();
    await use(plant);
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach('hub log', { body: await plant.hub.log(), contentType: 'text/plain' });
    await plant.dispose();
  },
  supervisor: async ({ page, hub }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) errors.push(message.text());
    });
    await use(new Supervisor(page, hub));
    expect(errors, 'no script failed and nothing was against the content security policy').toEqual([]);
  },
});

export { expect };

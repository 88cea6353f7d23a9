/** The kiosk in a real browser: it rotates, waits for who touches it, leaves with Escape, and loads a new version by itself. */
import type { Page } from '@playwright/test';
import { axeFindsNothing, expect, test } from './fixtures';
import type { Plant } from './plant';

const title = (page: Page) => page.locator('.kiosk-title');

/** A second site, with a line of its own. */
async function addNantes(plant: Plant): Promise<void> {
  await plant.send('POST', '/sites', { code: 'nantes', name: 'Usine de Nantes', time_zone: 'Europe/Paris' });
  await plant.send('POST', '/sites/nantes/lines', { code: 'mill', name: 'Laminoir' });
}

test('it shows the sites in turn, says which comes next, and follows only what it shows', async ({ page, plant }) => {
  await addNantes(plant);
  const followed = new Set<string>();
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      const { type, topic = '' } = JSON.parse(payload.toString()) as { type: string; topic?: string };
      if (type === 'subscribe') followed.add(topic);
      if (type === 'unsubscribe') followed.delete(topic);
    });
  });
  await plant.signIn(page, await plant.addUser('supervisor'), '/kiosk?sites=lyon,nantes&dwell=6');
  await expect(title(page)).toHaveText('Aciérie de Lyon');
  await expect(page.getByText(/^Next: Usine de Nantes in \d s$/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Sciage' })).toBeVisible();

  await expect(title(page)).toHaveText('Usine de Nantes', { timeout: 75_000 });
  await expect(page.getByRole('heading', { name: 'Laminoir' })).toBeVisible();
  await expect(page.getByText(/^Next: Aciérie de Lyon in \d s$/)).toBeVisible();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  expect([...followed].sort()).toEqual(['alerts', 'site/nantes']);

  await expect(title(page)).toHaveText('Aciérie de Lyon', { timeout: 10_000 });
});

test('it stays while somebody reads, turns by key, and leaves with Escape', async ({ page, plant }) => {
  await addNantes(plant);
  await plant.signIn(page, await plant.addUser('viewer'), '/kiosk?sites=lyon,nantes&dwell=5');
  const controls = page.getByRole('toolbar', { name: 'Wall board' });
  await page.mouse.move(300, 300);
  await expect(page.getByText(/Held · next: /)).toBeVisible();
  await expect(controls).toHaveCSS('opacity', '1');
  await expect(controls.getByRole('button', { name: 'Full screen' })).toBeVisible();
  await expect(controls).toHaveCSS('opacity', '0');
  await expect(page.locator('.kiosk')).toHaveCSS('cursor', 'none');
  await expect(title(page)).toHaveText('Aciérie de Lyon');

  await page.keyboard.press('ArrowRight');
  await expect(title(page)).toHaveText('Usine de Nantes');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/sites\/nantes$/);
  await expect(page.getByRole('banner').getByRole('link', { name: 'TopSteel Hub' })).toBeVisible();
});

test('it fills the screen by its button, and Escape gives it back', async ({ page, plant }) => {
  await plant.signIn(page, await plant.addUser('viewer'), '/kiosk?sites=lyon');
  await page.mouse.move(300, 300);
  await page.getByRole('button', { name: 'Full screen' }).click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
  await page.getByRole('button', { name: 'Window' }).click();
  await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(false);
  await expect(page.getByText(/^Next:/)).toHaveCount(0);
});

test('it loads a new version by itself once the hub serves one, and only once', async ({ page, plant }) => {
  await page.clock.install();
  let loads = 0;
  page.on('load', () => { loads += 1; });
  await plant.signIn(page, await plant.addUser('viewer'), '/kiosk?sites=lyon');
  const before = loads;
  await page.route('**/version.json', (route) => route.fulfill({ json: { version: 'newer' } }));
  await page.clock.runFor(80_000);
  await expect.poll(() => loads).toBe(before + 1);
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await expect(page.getByRole('heading', { name: 'Sciage' })).toBeVisible();
  await page.clock.runFor(80_000);
  await expect(page.getByRole('heading', { name: 'Sciage' })).toBeVisible();
  expect(loads, 'the page that came is not loaded again and again').toBe(before + 1);
});

test('it says that the hub is gone, and lives again when it is back', async ({ page, plant }) => {
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.signIn(page, await plant.addUser('viewer'), '/kiosk?sites=lyon');
  await plant.hub.kill();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText(/^Reconnecting since /);
  await expect(page.getByText(/^Not live\./)).toBeVisible();
  await plant.hub.start();
  await plant.publish('saw-1', 'state', { state: 'down' });
  await expect(page.locator('[data-line="saw"]')).toHaveAttribute('data-tone', 'red', { timeout: 45_000 });
});

test('nothing scrolls on a wall, however many lines there are', async ({ page, plant }) => {
  for (let n = 1; n <= 15; n += 1) await plant.addLine(`l-${n}`, `Ligne ${n}`);
  await plant.signIn(page, await plant.addUser('viewer'), '/kiosk?sites=lyon');
  await expect(page.getByRole('article')).toHaveCount(16);
  for (const [width, height] of [[1920, 1080], [3840, 2160], [1280, 720]] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight])).toEqual([width, height]);
    const bottoms = await page.locator('.tile').evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect().bottom));
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(height);
    expect(Math.max(...bottoms), 'the tiles fill the height').toBeGreaterThan(height * 0.97);
  }
});

test('axe finds nothing on the kiosk, in both themes and both languages', async ({ page, plant }) => {
  await addNantes(plant);
  await plant.publish('saw-1', 'state', { state: 'down', reason: 'tool-break' });
  await plant.signIn(page, await plant.addUser('supervisor'), '/kiosk?sites=lyon,nantes&dwell=600');
  await expect(page.locator('[data-line="saw"]')).toHaveAttribute('data-tone', 'red');
  await axeFindsNothing(page);
});

/** The line in a real browser against a real hub: reached from the board, states that grow, stops that are explained, orders that run, values that move. */
import type { Locator, Page } from '@playwright/test';
import { expect, Supervisor, test } from './fixtures';
import { Plant } from './plant';

const MILLING = '/sites/steelworks/lines/milling';
const SAW = `/sites/${Plant.SITE}/lines/${Plant.LINE}`;
const MINUTE = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE).toISOString();

const REASONS = { reasons: [{ code: 'jam', name: 'Jam' }, { code: 'no-material', name: 'No material' }] };

/** The band of a machine's states. */
const track = (page: Page, name: string) => page.getByRole('slider', { name: `States of ${name}` });
/** Draws the mouse over an element, between two parts of its width. */
async function drag(element: Locator, from: number, to: number): Promise<void> {
  await element.scrollIntoViewIfNeeded();
  const { x = 0, y = 0, width = 0 } = (await element.boundingBox()) ?? {};
  const { mouse } = element.page();
  await mouse.move(x + width * from, y + 15);
  await mouse.down();
  await mouse.move(x + width * to, y + 15, { steps: 5 });
  await mouse.up();
}
const loss = (page: Page, key: string) => page.locator(`[data-loss="${key}"]`);

test('a machine’s states grow as it reports them, and are looked at with wheel, keys and buttons', async ({ plant, page }) => {
  const account = await plant.addUser('viewer');
  await plant.publish('saw-1', 'state', { state: 'running', at: ago(50), buffered: true });
  await plant.publish('saw-1', 'state', { state: 'down', reason: 'jam', at: ago(40), buffered: true });
  await plant.publish('saw-1', 'state', { state: 'running', at: ago(30), buffered: true });
  await plant.signIn(page, account, `${SAW}?period=8h`);
  const saw = track(page, 'Scie à ruban');
  await expect(saw).toHaveAttribute('aria-valuetext', /^Running · 30m \d+s · /);
  const known = Number(await saw.getAttribute('data-parts'));
  expect(known).toBeGreaterThanOrEqual(3);
  await plant.publish('saw-1', 'state', { state: 'idle' });
  await expect(saw).toHaveAttribute('data-state', 'idle');
  await expect(saw).toHaveAttribute('data-parts', String(known + 1));
  await expect(saw).toHaveAttribute('aria-valuetext', /^Idle · Not classified · \d+s · /);

  await saw.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(saw).toHaveAttribute('aria-valuetext', /^Down · jam · 10m 0s · \d\d:\d\d:\d\d – \d\d:\d\d:\d\d$/);
  await expect(page.getByTestId('timeline-readout')).toContainText('Scie à ruban');

  const range = page.getByTestId('timeline-range');
  const whole = await range.innerText();
  for (const change of [() => page.keyboard.press('+'), () => page.keyboard.press('+'), () => page.keyboard.press('Shift+ArrowLeft')]) {
    const before = await range.innerText();
    await change();
    await expect(range).not.toHaveText(before);
  }
  await page.keyboard.press('Home');
  await expect(range).toHaveText(whole);
  await saw.hover();
  await page.mouse.wheel(0, -400);
  await expect(range).not.toHaveText(whole);
  const zoomed = await range.innerText();
  await drag(saw, 0.2, 0.4);
  await expect(range).not.toHaveText(zoomed);
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(range).toHaveText(whole);
});

test('a stop is explained here, and what stopped the line changes in another browser without reloading', async ({ plant, page, browser }) => {
  await plant.send('PATCH', SAW, REASONS);
  await plant.publish('saw-1', 'state', { state: 'running', at: ago(50), buffered: true });
  await plant.publish('saw-1', 'state', { state: 'down', at: ago(40), buffered: true });
  await plant.publish('saw-1', 'state', { state: 'running', at: ago(30), buffered: true });
  const supervisor = await plant.addUser('supervisor');
  await plant.signIn(page, supervisor, `${SAW}?period=24h`);
  const context = await browser.newContext();
  const other = await context.newPage();
  await plant.signIn(other, await plant.addUser('viewer'), `${SAW}?period=24h`);
  await expect(loss(other, 'down?')).toContainText('10m 0s');
  await expect(other.getByText('1 not classified')).toBeVisible();

  // From the band to the stop.
  await track(page, 'Scie à ruban').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const panel = page.getByTestId('stop-panel');
  await expect(panel.getByTestId('stop-events').getByRole('listitem')).not.toHaveCount(0);
  await panel.getByRole('button', { name: 'Jam' }).click();
  await expect(loss(page, 'down:jam')).toContainText('10m 0s');
  await expect(loss(other, 'down:jam')).toContainText('10m 0s');
  await expect(loss(other, 'down?')).toHaveCount(0);

  await panel.getByRole('button', { name: 'Comment' }).click();
  await page.getByRole('textbox', { name: 'Comment' }).fill('The blade was worn');
  await page.getByRole('button', { name: 'Save comment' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(other.getByText('The blade was worn')).toBeVisible();

  await panel.getByRole('button', { name: 'Split', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Split', exact: true }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(loss(other, 'down:jam')).toContainText('2 stops');

  // A bar leads to the stops behind it; who only looks has nothing to press there.
  await loss(other, 'down:jam').click();
  await expect(other.locator('.stop')).toHaveCount(2);
  await other.locator('.stop-head').first().click();
  await expect(other.getByTestId('stop-events')).toBeVisible();
  await expect(other.getByTestId('stop-panel').getByRole('button')).toHaveCount(0);
  await context.close();
});

test('a reason that the hub refuses is taken back and said', async ({ plant, page }) => {
  await plant.send('PATCH', SAW, REASONS);
  await plant.publish('saw-1', 'state', { state: 'down' });
  await plant.signIn(page, await plant.addUser('operator'), SAW);
  await page.locator('.stop-head').first().click();
  await expect(page.getByRole('button', { name: 'Jam' })).toBeVisible();
  await plant.send('PATCH', SAW, { reasons: [{ code: 'no-material', name: 'No material' }] });
  await page.getByRole('button', { name: 'Jam' }).click();
  await expect(page.getByRole('alert')).toContainText('The hub did not accept this');
  await expect(loss(page, 'down?')).toBeVisible();
});

test('orders of the line are started, paused, resumed and completed, and its hours count', async ({ plant, page }) => {
  await plant.addOrder('O-1', 40);
  await plant.addOrder('O-2', 10);
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.signIn(page, await plant.addUser('operator'), SAW);
  await page.getByRole('button', { name: 'Start order O-1' }).click();
  await expect(page.getByRole('list', { name: 'Orders that ran' })).toContainText('O-1');
  const order = page.getByRole('region', { name: 'Order' });
  await expect(order).toContainText('O-1');
  await plant.publish('saw-1', 'count', { good: 8, scrap: 1 });
  await expect(order).toContainText('8 / 40');
  await expect(page.getByTestId('hour').last().getByRole('cell').first()).toHaveText('8');
  await plant.publish('saw-1', 'count', { good: 2 });
  await expect(page.getByTestId('hour').last().getByRole('cell').first()).toHaveText('10');
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Resume order O-1' }).click();
  await page.getByRole('button', { name: 'Complete…' }).click();
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Start order O-2' })).toBeVisible();
  await expect(page.getByText('No order running')).toBeVisible();
  await expect(page.getByTestId('shift-figures').getByRole('link', { name: /^OEE/ })).toHaveAttribute('href', /\/sites\/lyon\/kpi\?line=saw&from=.+&to=.+/);
});

test('who may not write finds nothing to press', async ({ plant, page }) => {
  await plant.addOrder('O-1', 40);
  await plant.publish('saw-1', 'state', { state: 'down' });
  await plant.signIn(page, await plant.addUser('viewer'), SAW);
  await expect(page.getByText('O-1')).toBeVisible();
  await page.locator('.stop-head').first().click();
  await expect(page.getByTestId('stop-panel')).toBeVisible();
  await expect(page.getByTestId('stop-panel').getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Start/ })).toHaveCount(0);
});

test('a line is opened from the board with the keyboard and left again', async ({ supervisor }) => {
  const { page } = supervisor;
  await supervisor.arrive('/');
  await supervisor.seesLiveBoard();
  await page.getByRole('link', { name: 'Fraisage' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${MILLING}$`));
  await expect(page.getByRole('heading', { level: 1, name: 'Fraisage' })).toBeVisible();
  await expect(page.getByTestId('shift-figures')).toContainText('OEE');
  await page.getByRole('link', { name: /^Board of / }).click();
  await supervisor.seesLiveBoard();
  await page.getByRole('article', { name: 'Tournage' }).getByText('Good').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tournage' })).toBeVisible();
});

test('values move, the chart has history and live points, and is read with the keyboard', async ({ supervisor }) => {
  const { page } = supervisor;
  await supervisor.arrive(MILLING);
  const measures = page.locator('[data-machine="hurco-03"] .measures');
  const before = await measures.innerText();
  await expect.poll(() => measures.innerText()).not.toBe(before);

  const chart = page.getByRole('slider', { name: 'Trend: Spindle speed' });
  const points = async () => Number(await chart.getAttribute('data-points'));
  await expect.poll(points, { timeout: 60_000 }).toBeGreaterThan(10);
  const known = await points();
  await expect.poll(points, { timeout: 60_000 }).toBeGreaterThan(known);
  await expect(page.getByTestId('trend-summary')).toHaveText(/^Min .+\srpm · max .+\srpm · last .+\srpm at \d\d:\d\d:\d\d$/);
  expect(await chart.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0))).toBe(true);

  await chart.focus();
  await page.keyboard.press('Home');
  await expect(chart).toHaveAttribute('aria-valuenow', '0');
  await page.keyboard.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuenow', '1');
  await expect(chart).toHaveAttribute('aria-valuetext', /^\d\d:\d\d:\d\d: [\d.,]+\u00a0rpm$/);

  await page.getByText('1 h', { exact: true }).click();
  await page.getByLabel('Measure', { exact: true }).selectOption({ label: 'Feed (mm/s)' });
  await expect(page).toHaveURL(/span=1h&trend=hurco-03\.feed_mm_s$/);
  await page.reload();
  await expect.poll(async () => Number(await page.getByRole('slider', { name: 'Trend: Feed' }).getAttribute('data-points'))).toBeGreaterThan(10);
});

test('what nobody explained comes first and stays while it is worked on, older stops are listed on demand', async ({ plant, page }) => {
  await plant.send('PATCH', SAW, REASONS);
  for (let minutes = 50; minutes >= 6; minutes -= 5) {
    await plant.publish('saw-1', 'state', { state: 'down', ...(minutes > 40 ? {} : { reason: 'jam' }), at: ago(minutes), buffered: true });
    await plant.publish('saw-1', 'state', { state: 'running', at: ago(minutes - 1), buffered: true });
  }
  await plant.signIn(page, await plant.addUser('operator'), `${SAW}?period=24h`);
  const stops = page.locator('.stop');
  await expect(stops).toHaveCount(8);
  await page.getByRole('button', { name: 'All 9 stops' }).click();
  await expect(stops).toHaveCount(9);
  await expect(page.getByText('2 not classified')).toBeVisible();
  for (const [index, classified] of [[0, 'false'], [1, 'false'], [2, 'true']] as const) await expect(stops.nth(index)).toHaveAttribute('data-classified', classified);
  await stops.first().locator('.stop-head').click();
  await page.getByRole('button', { name: 'No material' }).click();
  await expect(page.getByText('1 not classified')).toBeVisible();
  await expect(stops.first()).toHaveAttribute('data-classified', 'true');
  await stops.first().locator('.stop-head').click();
  await expect(stops.first()).toHaveAttribute('data-classified', 'false');
});

test.describe('with fingers', () => {
  test.use({ hasTouch: true, viewport: { width: 360, height: 800 } });
  test('the states are zoomed with two fingers and moved with one', async ({ plant, page }) => {
    await plant.publish('saw-1', 'state', { state: 'running', at: ago(50), buffered: true });
    await plant.signIn(page, await plant.addUser('viewer'), `${SAW}?period=8h`);
    const saw = track(page, 'Scie à ruban');
    await expect(saw).toHaveAttribute('data-state', 'running');
    await saw.scrollIntoViewIfNeeded();
    const range = page.getByTestId('timeline-range');
    const whole = await range.innerText();
    const { y = 0 } = (await saw.boundingBox()) ?? {};
    const screen = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) => screen.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((x, id) => ({ x, y: y + 10, id })) });
    await touch('touchStart', 130);
    await touch('touchStart', 130, 200);
    for (const apart of [15, 30, 45, 60]) await touch('touchMove', 130 - apart, 200 + apart);
    await touch('touchEnd');
    await expect(range).not.toHaveText(whole);
    const zoomed = await range.innerText();
    await touch('touchStart', 120);
    for (const x of [140, 170, 200, 230]) await touch('touchMove', x);
    await touch('touchEnd');
    await expect(range).not.toHaveText(zoomed);
    await expect(range).not.toHaveText(whole);
  });
});

test('a part of a chart is looked at in detail, for all charts, and left again', async ({ supervisor }) => {
  const { page } = supervisor;
  await supervisor.arrive(MILLING);
  const chart = page.getByRole('slider', { name: 'Trend: Spindle speed' });
  await expect.poll(async () => Number(await chart.getAttribute('data-points')), { timeout: 60_000 }).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Add a chart' }).click();
  await expect(page.locator('.trend')).toHaveCount(2);
  const asked = page.waitForRequest((request) => request.url().includes('/samples?') && request.url().includes('&to='));
  await drag(chart.locator('.u-over'), 0.9, 0.99);
  await asked;
  await expect(page.getByText(/^From \d\d:\d\d:\d\d to \d\d:\d\d:\d\d$/)).toBeVisible();
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(page.getByText('Drag over a part to see it in detail.')).toBeVisible();
});

test('what is shown of a line is dimmed and dated while the hub is away, and lives again', async ({ supervisor, hub }) => {
  const { page } = supervisor;
  await supervisor.arrive(MILLING);
  await expect(page.getByRole('heading', { level: 1, name: 'Fraisage' })).toBeVisible();
  await hub.kill();
  await expect(page.getByText(/^Not live\. Data as of /)).toBeVisible();
  await expect(page.locator('.line-view')).toHaveAttribute('data-stale', 'true');
  await hub.start();
  await expect(supervisor.connection).toHaveText('Live', { timeout: 45_000 });
  await expect(page.locator('.line-view')).toHaveAttribute('data-stale', 'false');
});

test('a line that does not exist is said to be unknown', async ({ supervisor }) => {
  await supervisor.open('/sites/steelworks/lines/no-such-line');
  await supervisor.logIn();
  await expect(supervisor.page.getByRole('heading', { name: 'Unknown line' })).toBeVisible();
});

for (const [language, locale] of [['English', 'en-GB'], ['French', 'fr-FR']] as const) {
  test.describe(`in ${language}`, () => {
    test.use({ locale });
    test('axe finds nothing on a line in both themes, and nothing scrolls sideways on a telephone', async ({ plant, page }) => {
      await plant.send('PATCH', SAW, REASONS);
      await plant.addOrder('O-1', 40);
      await plant.publish('saw-1', 'state', { state: 'down', reason: 'jam', at: ago(50), buffered: true });
      await plant.publish('saw-1', 'state', { state: 'running', at: ago(30), buffered: true });
      await plant.publish('saw-1', 'count', { good: 5, scrap: 1 });
      await plant.publish('saw-1', 'measure', { values: { spindle_speed_rpm: 1_200 } });
      await plant.publish('saw-2', 'state', { state: 'down' });
      await page.goto(`${plant.hub.url}${SAW}?period=24h`);
      const { email, password } = Plant.admin;
      await page.locator('input[type="email"]').fill(email);
      await page.locator('input[type="password"]').fill(password);
      await page.keyboard.press('Enter');
      await page.locator('.stop-head').first().click();
      await expect(page.getByTestId('stop-events').getByRole('listitem')).not.toHaveCount(0);
      await expect(page.locator('.hours')).toBeVisible();
      await expect(page.locator('.trend-chart canvas')).toBeVisible();
      const eyes = new Supervisor(page, plant.hub);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // What lies half under the header is not too small, it is scrolled.
        await page.evaluate(() => { scrollTo(0, 0); });
        expect(await eyes.accessibilityFaults(), colorScheme).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      expect(await eyes.accessibilityFaults(), 'on a telephone').toEqual([]);
    });
  });
}

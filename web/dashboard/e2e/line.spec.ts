/** The line in a real browser against a real hub: reached from the board, values that move, charts with points, older stops. */
import { expect, test } from './fixtures';

const MILLING = '/sites/steelworks/lines/milling';

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

test('older stops are fetched on demand, and what nobody explained stands out', async ({ supervisor }) => {
  const { page } = supervisor;
  await supervisor.arrive(MILLING);
  const stops = page.locator('.stop');
  await expect.poll(() => page.locator('.stop[data-open="false"]').count(), { timeout: 60_000 }).toBe(6);
  await expect(stops.getByText('Not classified').first()).toBeVisible();
  await page.getByRole('button', { name: 'More stops' }).click();
  await expect.poll(() => stops.count(), { timeout: 60_000 }).toBeGreaterThan(8);
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

test('axe finds nothing on a line in both themes, and nothing scrolls sideways on a telephone', async ({ supervisor }) => {
  const { page } = supervisor;
  await supervisor.arrive(MILLING);
  await expect(page.getByRole('slider', { name: 'Trend: Spindle speed' })).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await supervisor.accessibilityFaults(), colorScheme).toEqual([]);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

/** Key figures in a real browser: the number of a past hour is the one worked out by hand, and opens into inputs, stops and raw events. */
import { readFile } from 'node:fs/promises';
import { axeFindsNothing, expect, test } from './fixtures';
import { Plant } from './plant';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SITE = `/sites/${Plant.SITE}`;
const KPI = `${SITE}/kpi`;

/** The last hour that is over, and minutes of it as a device would say them. */
function pastHour() {
  const from = Math.floor(Date.now() / HOUR - 1) * HOUR;
  const iso = (minute: number) => new Date(from + minute * MINUTE).toISOString();
  const query = `line=${Plant.LINE}&from=${encodeURIComponent(iso(0))}&to=${encodeURIComponent(iso(60))}`;
  return { iso, address: `${KPI}?${query}` };
}

/**
 * An hour of `saw-1`: 15 minutes unknown, 15 running, 10 down, 20 running; 300 good and 60 scrap, a part in 5 s at best. Planned
 * busy 45, running 35: availability 77.8 %; 360 × 5 s = 30 min: effectiveness 85.7 %; quality 83.3 %; OEE 55.6 %.
 */
async function makeHour(plant: Plant): Promise<ReturnType<typeof pastHour>> {
  const hour = pastHour();
  const send = async (channel: 'state' | 'count', minute: number, fields: Record<string, unknown>) => {
    const { status } = await plant.publish('saw-1', channel, { ...fields, at: hour.iso(minute), buffered: true });
    expect(status).toBe('accepted');
  };
  // A calendar without gaps, so that the hour is planned whatever the time of the test.
  await plant.send('PUT', `${SITE}/calendar`, { shifts: [{ name: 'all day', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '00:00', planned_stops: [] }], exceptions: [], planned_stops: [] });
  await plant.send('PATCH', `${SITE}/lines/${Plant.LINE}`, { reasons: [{ code: 'jam', name: 'Jam' }], oee_target: 0.8 });
  await send('state', 15, { state: 'running' });
  await send('state', 30, { state: 'down', reason: 'jam' });
  await send('state', 40, { state: 'running' });
  await send('count', 50, { good: 300, scrap: 60 });
  return hour;
}

test('a past hour has the figures worked out by hand and opens into inputs, stops and raw events; a late message corrects it', async ({ plant, page }) => {
  const hour = await makeHour(plant);
  await plant.signIn(page, Plant.admin, hour.address);
  const figures = page.getByTestId('kpi-figures');
  await expect(figures.locator('[data-figure="oee"] button')).toHaveText('55.6%');
  await expect(figures.locator('[data-figure="availability"] button')).toHaveText('77.8%');
  await expect(figures.locator('[data-figure="effectiveness"] button')).toHaveText('85.7%');
  await expect(figures.locator('[data-figure="quality"] button')).toHaveText('83.3%');
  await expect(figures.locator('[data-figure="unknown"] button')).toHaveText('15m 0s');

  // The bucket opens into formulas with the numbers put in.
  const bucket = page.getByTestId('kpi-bucket');
  await expect(bucket).toHaveCount(1);
  await expect(bucket).toContainText('below the target');
  await bucket.getByRole('button').focus();
  await page.keyboard.press('Enter');
  const detail = page.getByTestId('kpi-detail');
  await expect(detail.getByRole('heading', { name: 'What it is made of' })).toBeFocused();
  await expect(detail.locator('[data-formula="busy"]')).toContainText('1h 0m 0s planned − 15m 0s unknown + 0s overtime');
  await expect(detail.locator('[data-formula="availability"]')).toContainText('35m 0s running ÷ 45m 0s planned busy time');
  await expect(detail.locator('[data-formula="effectiveness"]')).toContainText('30m 0s planned run time ÷ 35m 0s running');
  await expect(detail.locator('[data-formula="quality"]')).toContainText('300 good ÷ 360 produced');
  await expect(detail.locator('[data-input="down_ms"] dd')).toHaveText('10m 0s');

  // The stop behind it, its raw events, and the raw log.
  const stops = detail.getByTestId('kpi-stops').locator('.stop');
  await expect(stops).toHaveCount(1);
  await stops.locator('.stop-head').click();
  await expect(stops).toContainText('Jam');
  await expect(stops.getByTestId('stop-events').locator('[data-kind="state_reported"]').first()).toContainText('"state":"down"');
  await detail.getByTestId('kpi-log').locator('summary').click();
  await expect(detail.getByTestId('kpi-log-late').locator('[data-kind="counted"]')).toContainText('"good":"300"');

  // The loss opens the stop as well.
  const loss = page.locator('[data-loss="down:jam"]');
  await expect(loss).toContainText('10m 0s');
  await loss.click();
  await expect(page.getByTestId('kpi-loss-stops').locator('.stop')).toHaveCount(1);
  await expect(page.locator('[data-loss="effective"]')).toContainText('25m 0s');

  // A late message: it ran for five of the ten minutes. Running 40 of 45, OEE 40/45 × 30/40 × 300/360.
  await plant.publish('saw-1', 'state', { state: 'running', at: hour.iso(35), buffered: true });
  await page.reload();
  await expect(figures.locator('[data-figure="oee"] button')).toHaveText('55.6%');
  await expect(figures.locator('[data-figure="availability"] button')).toHaveText('88.9%');
  await expect(figures.locator('[data-figure="effectiveness"] button')).toHaveText('75.0%');
});

test('the table is saved as CSV with units, and lines are compared', async ({ plant, page }) => {
  const hour = await makeHour(plant);
  await plant.addLine('mill', '=Fraisage, "grand"');
  await plant.signIn(page, Plant.admin, hour.address);
  await expect(page.getByTestId('kpi-bucket')).toHaveCount(1);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV: OEE over time' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toMatch(/^oee-lyon-saw_\d{4}-\d\d-\d\dT\d{4}_\d{4}-\d\d-\d\dT\d{4}\.csv$/);
  const [headings = '', row = ''] = (await readFile(await file.path(), 'utf8')).split('\r\n');
  expect(headings).toMatch(/^\ufeffSite,Line,Name,/);
  expect(headings).toContain('OEE (%),Availability (%)');
  expect(headings).toContain('Running (s)');
  expect(row).toMatch(/^lyon,saw,Sciage,\d{4}-\d\d-\d\dT\d\d:00:00\+0[12]:00,/);
  expect(row).toContain(',55.56,77.78,85.71,83.33,3600,0,900,0,2700,2100,0,0,600,0,1800,300,60,360,');

  const lines = page.getByTestId('kpi-lines');
  await expect(lines.locator('[data-line="saw"]')).toContainText('55.6%');
  await expect(lines.locator('[data-line="mill"]')).toContainText('unknown');
  await page.getByLabel('Line', { exact: true }).selectOption('');
  await expect(page).not.toHaveURL(/line=/);
  await expect(page.locator('[data-loss="down:jam"]')).toContainText('10m 0s');
  await lines.getByRole('link', { name: 'Sciage' }).click();
  await expect(page).toHaveURL(/line=saw/);
  await expect(page.getByTestId('kpi-bucket')).toHaveCount(1);
});

test('spans and buckets are chosen and live in the address; what has not ended is marked, what is not known says so', async ({ plant, page }) => {
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.signIn(page, await plant.addUser('viewer'), `${KPI}?line=saw`);
  const current = page.locator('[data-testid="kpi-bucket"][data-current="true"]');
  await expect(current).toHaveCount(1);
  await expect(current).toContainText('in progress');
  await current.getByRole('button').click();
  await page.getByTestId('kpi-log').locator('summary').click();
  await expect(page.getByTestId('kpi-log-own').locator('[data-kind="state_reported"]')).toContainText('"running"');
  await page.getByText('Last 7 days').click();
  await expect(page).toHaveURL(/span=7d/);
  await page.getByRole('group', { name: 'By' }).getByText('day').click();
  await expect(page).toHaveURL(/bucket=day/);
  await expect(page.getByTestId('kpi-bucket')).toHaveCount(7);
  await expect(page.getByTestId('kpi-bucket').first()).toContainText('unknown');
  await expect(page.getByTestId('kpi-bucket').first()).not.toContainText('0.0%');
  await page.reload();
  await expect(page.getByTestId('kpi-bucket')).toHaveCount(7);
  await page.getByText('This shift').click();
  await expect(page.getByTestId('kpi-bucket').last()).toContainText('in progress');
  await page.getByText('Own span').click();
  await page.getByLabel('From').fill('2026-01-02T00:00');
  await page.getByLabel('To', { exact: true }).fill('2026-01-01T00:00');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByRole('alert')).toContainText('The end must be after the beginning');
});

test('the line view leads here, and axe finds nothing', async ({ plant, page }) => {
  const hour = await makeHour(plant);
  await plant.signIn(page, Plant.admin, `${SITE}/lines/saw`);
  await page.getByTestId('shift-figures').getByRole('link', { name: /^OEE/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Key figures · Sciage');
  await expect(page.getByTestId('kpi-bucket').first()).toBeVisible();
  await page.goto(`${plant.hub.url}${hour.address}&loss=${encodeURIComponent('down:jam')}`);
  await expect(page.getByTestId('kpi-loss-stops').locator('.stop')).toHaveCount(1);
  await axeFindsNothing(page);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(plant.hub.url + KPI);
  await axeFindsNothing(page);
});

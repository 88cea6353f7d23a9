/** The alerts in real browsers: a real alert is raised by a rule, acknowledged in one browser, and changes in another. */
import type { Locator, Page } from '@playwright/test';
import { axeFindsNothing, expect, test } from './fixtures';
import { type Account, Plant } from './plant';

const RULE = { code: 'too-fast', kind: 'measure_above', severity: 'high', metric: 'speed_rpm', limit: 100 };
const LINE = `/sites/${Plant.SITE}/lines/${Plant.LINE}`;

const alertOn = (page: Page): Locator => page.locator(`[data-rule="${RULE.code}"]`);
const acknowledge = (alert: Locator) => alert.getByRole('button', { name: /^Acknowledge/ });

/** Somebody who may acknowledge, and an alert to acknowledge. */
async function raise(plant: Plant): Promise<Account> {
  const supervisor = await plant.addUser('supervisor');
  await plant.send('POST', '/alert-rules', RULE);
  await plant.publish('saw-1', 'measure', { values: { [RULE.metric]: 140 } });
  return supervisor;
}

test('an alert acknowledged in one browser changes in another', async ({ plant, page, browser }) => {
  const supervisor = await raise(plant);
  await plant.signIn(page, supervisor, '/alerts');
  const here = alertOn(page);
  await expect(here).toHaveAttribute('data-state', 'raised');

  const context = await browser.newContext({ locale: 'en-GB' });
  const other = await context.newPage();
  await plant.signIn(other, Plant.admin, LINE);
  const there = alertOn(other);
  await expect(there).toHaveAttribute('data-state', 'raised');
  await expect(there.getByText('High')).toBeVisible();

  await acknowledge(here).click();
  await expect(here).toHaveAttribute('data-state', 'acknowledged');
  await expect(here.getByText(`${supervisor.email}, `)).toBeVisible();
  await expect(here.getByRole('button')).toHaveCount(0);
  await expect(there).toHaveAttribute('data-state', 'acknowledged');
  await expect(there.getByRole('button')).toHaveCount(0);
  await context.close();

  await here.getByRole('link', { name: new RegExp(Plant.LINE) }).click();
  await expect(page).toHaveURL(new RegExp(`${LINE}$`));
  await expect(page.getByRole('heading', { level: 1, name: 'Sciage' })).toBeVisible();
});

test('the header counts the alerts and leads to them; a refusal is said in words', async ({ plant, page }) => {
  await plant.signIn(page, await raise(plant));
  await page.getByRole('banner').getByRole('link', { name: 'High: 1' }).click();
  await expect(page).toHaveURL(/\/alerts$/);
  await page.route('**/alerts/*/ack', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Forbidden', status: 403, code: 'forbidden', detail: 'your roles do not allow this' }) }));
  const alert = alertOn(page);
  await acknowledge(alert).click();
  await expect(alert.getByRole('alert')).toHaveText('The hub did not accept this: your roles do not allow this');
  await expect(alert).toHaveAttribute('data-state', 'raised');
  await page.unroute('**/alerts/*/ack');
  await acknowledge(alert).click();
  await expect(alert).toHaveAttribute('data-state', 'acknowledged');
});

test('axe finds nothing on the alerts, and nothing scrolls sideways on a telephone', async ({ plant, page }) => {
  await plant.signIn(page, await raise(plant), '/alerts');
  await expect(alertOn(page)).toBeVisible();
  await axeFindsNothing(page);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

/** The alerts in real browsers: a real alert is raised by a rule, acknowledged in one browser, and changes in another. */
import { expect, Supervisor, test } from './fixtures';

/** Every speed is above this, so the alert stays active whatever the machine does. */
const rule = { code: 'any-speed', kind: 'measure_above', severity: 'high', metric: 'spindle_speed_rpm', limit: -1, site: 'steelworks', line: 'milling' };

test('an alert acknowledged in one browser changes in another', async ({ supervisor, browser, hub }) => {
  await supervisor.arrive('/alerts');
  await supervisor.createRule(rule);
  const here = supervisor.alertOf(rule.code);
  await expect(here).toHaveAttribute('data-state', 'raised', { timeout: 60_000 });

  const context = await browser.newContext({ locale: 'en-GB' });
  const other = new Supervisor(await context.newPage(), hub);
  await other.arrive('/sites/steelworks/lines/milling');
  const there = other.alertOf(rule.code);
  await expect(there).toHaveAttribute('data-state', 'raised');
  await expect(there.getByText('High')).toBeVisible();

  await here.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(here).toHaveAttribute('data-state', 'acknowledged');
  await expect(here.getByText(/^supervisor@demo\.local, /)).toBeVisible();
  await expect(here.getByRole('button')).toHaveCount(0);
  await expect(there).toHaveAttribute('data-state', 'acknowledged');
  await expect(there.getByRole('button')).toHaveCount(0);
  await context.close();

  await here.getByRole('link', { name: /milling/ }).click();
  await expect(supervisor.page).toHaveURL(/\/sites\/steelworks\/lines\/milling$/);
  await expect(supervisor.page.getByRole('heading', { level: 1, name: 'Fraisage' })).toBeVisible();
});

test('the header counts the alerts and leads to them; a refusal is said in words', async ({ supervisor }) => {
  await supervisor.createRule(rule);
  await supervisor.arrive('/');
  const count = supervisor.page.getByRole('banner').getByRole('link', { name: /High: \d/ });
  await expect(count).toBeVisible({ timeout: 60_000 });
  await count.click();
  await expect(supervisor.page).toHaveURL(/\/alerts$/);
  await supervisor.page.route('**/alerts/*/ack', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Forbidden', status: 403, code: 'forbidden', detail: 'your roles do not allow this' }) }));
  const alert = supervisor.alertOf(rule.code);
  await alert.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(alert.getByRole('alert')).toHaveText('The hub did not accept this: your roles do not allow this');
  await expect(alert).toHaveAttribute('data-state', 'raised');
  await supervisor.page.unroute('**/alerts/*/ack');
  await alert.getByRole('button', { name: /^Acknowledge/ }).click();
  await expect(alert).toHaveAttribute('data-state', 'acknowledged');
});

test('axe finds nothing on the alerts in both themes, and nothing scrolls sideways on a telephone', async ({ supervisor }) => {
  await supervisor.createRule(rule);
  await supervisor.arrive('/alerts');
  await expect(supervisor.alertOf(rule.code)).toBeVisible({ timeout: 60_000 });
  for (const colorScheme of ['light', 'dark'] as const) {
    await supervisor.page.emulateMedia({ colorScheme });
    expect(await supervisor.accessibilityFaults(), colorScheme).toEqual([]);
  }
  await supervisor.page.setViewportSize({ width: 360, height: 800 });
  expect(await supervisor.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

/** The messages view in a real browser: a refusal and its reason at once, a dead letter that is applied after all, devices and their credentials. */
import type { Locator, Page } from '@playwright/test';
import { connectDevice } from './device';
import { expect, Supervisor, test } from './fixtures';
import { Plant } from './plant';

const PATH = `/sites/${Plant.SITE}/messages`;

const tail = (page: Page): Locator => page.getByRole('list', { name: 'Messages, the newest first' });
const rows = (page: Page): Locator => tail(page).locator('.message');

/** Signed in where the tail is, and watching: what is sent from now on is seen. */
async function watch(plant: Plant, page: Page, account = Plant.admin, search = ''): Promise<void> {
  await plant.signIn(page, account, PATH + search);
  await expect(page.getByRole('heading', { name: 'No message yet' })).toBeVisible();
}

test('a refused message shows with its reason within a second, and its dead letter is applied once the cause is gone', async ({ plant, page }) => {
  await watch(plant, page, await plant.addUser('supervisor'));
  await plant.publish('saw-1', 'count', { good: 1, id: 'c-1' });
  await expect(rows(page)).toHaveCount(1);
  expect((await plant.publish('saw-9', 'count', { good: 3, id: 'c-2' })).code).toBe('unknown_machine');
  const refused = rows(page).first();
  await expect(refused).toHaveAttribute('data-status', 'refused', { timeout: 1_000 });
  await expect(refused).toContainText('Refused');
  await expect(refused).toContainText('unknown_machine');
  await expect(refused).toContainText('saw / saw-9 / count');
  await refused.locator('summary').press('Enter');
  await expect(refused.getByRole('region', { name: 'Payload' })).toContainText('"good": 3');
  await expect(refused).toContainText('hub/v1/acme/lyon/saw/saw-9/count');

  await page.getByRole('navigation', { name: 'Parts of this view' }).getByRole('link', { name: 'Dead letters' }).click();
  const letter = page.getByRole('list', { name: 'Dead letters' }).locator('.letter');
  await expect(letter).toHaveCount(1);
  await expect(letter).toContainText('unknown_machine');
  await letter.getByRole('button', { name: /^Retry/ }).click();
  await expect(letter.getByRole('status')).toContainText('Refused again (unknown_machine)');

  await plant.addMachine(Plant.LINE, { code: 'saw-9', name: 'Scie neuve' });
  await letter.getByRole('button', { name: /^Retry/ }).click();
  await expect(letter.getByRole('status')).toHaveText('Applied');
  await expect(letter.getByRole('status')).toBeFocused();
  await expect(letter.getByRole('button')).toHaveCount(0);
  const { machines } = (await plant.get(`/sites/${Plant.SITE}/lines/${Plant.LINE}/state`)) as { machines: Record<string, { good: string }> };
  expect(machines['saw-9']?.good).toBe('3');
  expect((await plant.get(`/dead-letters?site=${Plant.SITE}`))['items']).toEqual([]);
});

test('a dead letter is discarded after a question, and older ones are loaded on demand', async ({ plant, page }) => {
  await plant.send('POST', '/ingest', Array.from({ length: 60 }, (_, n) => ({ topic: `hub/v1/acme/${Plant.SITE}/saw/saw-1/count`, id: `bad-${n}`, good: -1 })) as never);
  await plant.signIn(page, Plant.admin, `${PATH}?part=letters`);
  const letters = page.getByRole('list', { name: 'Dead letters' }).locator('.letter');
  await expect(letters).toHaveCount(50);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(letters).toHaveCount(60);
  const first = letters.first();
  await first.getByRole('button', { name: /^Discard/ }).click();
  const question = page.getByRole('dialog', { name: 'Discard this message?' });
  await expect(question).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await first.getByRole('button', { name: /^Discard/ }).click();
  await question.getByRole('button', { name: 'Discard' }).click();
  await expect(first.getByRole('status')).toHaveText('Discarded');
  await page.getByRole('searchbox').fill('bad-7');
  await expect(letters).toHaveCount(1);
  await expect(page).toHaveURL(/q=bad-7/);
});

test('the tail is held still without losing its place, filtered by address, and a flood is counted', async ({ plant, page }) => {
  await watch(plant, page);
  for (const id of ['a', 'b', 'c']) await plant.publish('saw-1', 'count', { good: 1, id });
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Pause' }).click();
  await plant.publish('saw-1', 'count', { good: 1, id: 'c' });
  await plant.publish('saw-2', 'state', { state: 'sleeping' });
  await expect(page.getByTestId('waiting')).toHaveText('2 new messages');
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(rows(page)).toHaveCount(5);
  await expect(rows(page).nth(1)).toHaveAttribute('data-status', 'duplicate');

  await page.getByText('Refused', { exact: true }).first().click();
  await expect(page).toHaveURL(/status=refused/);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByLabel('Line', { exact: true }).selectOption(Plant.LINE);
  await expect(page.getByRole('heading', { name: 'No message yet' })).toBeVisible();
  const flood = Array.from({ length: 300 }, () => ({ topic: `hub/v1/acme/${Plant.SITE}/saw/saw-1/count`, good: 1 }));
  await plant.send('POST', '/ingest', flood as never);
  await plant.publish('saw-2', 'state', { state: 'sleeping' });
  await expect(rows(page).first()).toHaveAttribute('data-status', 'refused');
  await expect(tail(page).getByText(/messages? left out: too many to show$/).first()).toBeVisible();
});

test('a device gets a credential whose token is shown once, is seen to be connected, and is shut out again', async ({ plant, page }) => {
  await plant.signIn(page, Plant.admin, `${PATH}?part=devices`);
  await page.getByRole('button', { name: 'New credential' }).click();
  const form = page.getByRole('dialog', { name: 'New credential' });
  await form.getByRole('button', { name: 'Create' }).click();
  await expect(form.getByText('Enter a name.')).toBeVisible();
  await form.getByLabel('Name').fill('Passerelle hall 2');
  await form.getByLabel('Speaks for').selectOption(Plant.LINE);
  await form.getByLabel('Machine').selectOption('saw-2');
  await form.getByRole('button', { name: 'Create' }).click();

  const shown = page.getByRole('dialog', { name: /Passerelle hall 2/ });
  const [username, token] = [await shown.getByLabel('User name', { exact: true }).inputValue(), await shown.getByLabel('Token', { exact: true }).inputValue()];
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await shown.getByRole('button', { name: 'Copy: Token' }).click();
  await expect(shown.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await shown.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(token)).toHaveCount(0);

  const row = page.locator(`[data-device="${username}"]`);
  await expect(row).toContainText('Not connected');
  await expect(row).toContainText('saw / saw-2');
  await expect(row).toContainText('none since the hub started');
  const socket = await connectDevice(plant.hub.mqtt, username, token, 'gateway-7');
  const closed = new Promise((resolve) => { socket.once('close', resolve); });
  await expect(row).toHaveAttribute('data-state', 'connected');
  await row.getByText('1 session').click();
  await expect(row).toContainText('gateway-7');
  await expect(row).toContainText('MQTT 3.1.1, from 127.0.0.1:');

  await row.getByRole('button', { name: /^New token/ }).click();
  await page.getByRole('dialog', { name: /^New token for/ }).getByRole('button', { name: 'New token' }).click();
  const renewed = page.getByRole('dialog', { name: /^Credential of/ });
  await expect(renewed.getByLabel('Token', { exact: true })).not.toHaveValue(token);
  await closed;
  await renewed.getByRole('button', { name: 'Done' }).click();
  await expect(row).toHaveAttribute('data-state', 'notConnected');

  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog', { name: /^Revoke/ }).getByRole('button', { name: 'Revoke' }).click();
  await expect(row).toHaveCount(0);
  await page.getByText('Revoked ones too (1)').click();
  await expect(row).toHaveAttribute('data-state', 'revoked');
  await expect(row.getByRole('button')).toHaveCount(0);
});

test('the views lead here, for those who may; devices are for administrators', async ({ plant, page }) => {
  const [operator, supervisor] = [await plant.addUser('operator'), await plant.addUser('supervisor')];
  await plant.signIn(page, supervisor);
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: 'Messages' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Messages of Aciérie de Lyon' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Devices' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await plant.signIn(page, operator, PATH);
  await expect(page.getByRole('heading', { name: 'No permission' })).toBeVisible();
  await expect(views.getByRole('link', { name: 'Board', exact: true })).toBeVisible();
  await expect(views.getByRole('link', { name: 'Messages' })).toHaveCount(0);
});

test('axe finds nothing in any part, in both themes and languages, and nothing scrolls sideways on a telephone', async ({ plant, page }) => {
  const faults: string[] = [];
  page.on('console', (message) => { if (message.text().includes('Content Security Policy')) faults.push(message.text()); });
  await plant.send('POST', '/devices', { name: 'Gateway', scope: Plant.SITE });
  await watch(plant, page);
  await plant.publish('saw-1', 'count', { good: 1, id: 'c-1' });
  await plant.publish('saw-9', 'measure', { values: { speed: 1 }, colour: 'x'.repeat(200) });
  await expect(rows(page)).toHaveCount(2);
  const looker = new Supervisor(page, plant.hub);
  for (const language of ['en', 'fr']) {
    await page.evaluate((code) => { localStorage.setItem('topsteel.language', code); }, language);
    for (const part of ['live', 'letters', 'devices']) {
      await page.goto(`${plant.hub.url}${PATH}?part=${part}`);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      if (part === 'live') await plant.publish('saw-9', 'count', { good: 1 });
      await expect(page.locator('.message, .device').first()).toBeVisible();
      if (part !== 'devices') await page.locator('.message summary').first().click();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await looker.accessibilityFaults(), `${part} ${language} ${colorScheme}`).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${part} ${language}`).toBe(360);
      await page.setViewportSize({ width: 1280, height: 800 });
    }
    await page.locator('.device .button').last().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await looker.accessibilityFaults(), `a question in ${language}`).toEqual([]);
  }
  expect(faults).toEqual([]);
});

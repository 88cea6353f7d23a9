/** The terminal in a real browser against a real hub: orders, reasons and scrap, with a connection and without, each applied once. */
import type { Page } from '@playwright/test';
import { expect, faultsOf, test } from './fixtures';
import { type Account, Plant } from './plant';

const LINE = `/sites/${Plant.SITE}/lines/${Plant.LINE}`;
const TERMINAL = `${LINE}/terminal`;
const REASONS = [
  { code: 'no-material', name: 'No material' },
  { code: 'blade', name: 'Blade broken' },
  { code: 'changeover', name: 'Changeover' },
];

type Stop = { id: string; machine: string; reason: string | null; comment?: string; to: string | null };

/** What the hub knows, asked as the admin. */
class Truth {
  readonly #plant: Plant;

  constructor(plant: Plant) {
    this.#plant = plant;
  }

  async order(code: string): Promise<{ state: string; scrap: string }> {
    return (await this.#plant.get(`/orders/${code}`)) as { state: string; scrap: string };
  }

  async stops(): Promise<Stop[]> {
    return ((await this.#plant.get(`${LINE}/stops`)) as { items: Stop[] }).items;
  }

  async scrap(machine: string): Promise<string> {
    const { machines } = (await this.#plant.get(`${LINE}/state`)) as { machines: Record<string, { scrap: string }> };
    return machines[machine]?.scrap ?? '';
  }
}

/** The page as an operator uses it. */
class Operator {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get summary() {
    return this.page.getByRole('status', { name: 'Entries' });
  }

  get connection() {
    return this.page.getByRole('status', { name: 'Connection' });
  }

  reason(name: string) {
    return this.page.getByRole('group', { name: /^Reason: / }).getByRole('button', { name });
  }

  async enterScrap(machine: string, quantity: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Scrap', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Enter scrap' });
    await dialog.getByText(machine).click();
    for (const digit of quantity) await dialog.getByRole('button', { name: digit, exact: true }).click();
    await dialog.getByRole('button', { name: `Enter ${quantity} scrap` }).click();
    await expect(dialog).toBeHidden();
  }
}

/** A line with reasons and orders that stands unexplained, and an operator at its terminal. */
async function standingLine(plant: Plant, page: Page): Promise<{ operator: Operator; truth: Truth; account: Account }> {
  await plant.send('PATCH', LINE, { reasons: REASONS });
  await plant.addOrder('FA-1', 100);
  await plant.addOrder('FA-2', 50);
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.publish('saw-1', 'state', { state: 'down' });
  const account = await plant.addUser('operator');
  await plant.signIn(page, account, TERMINAL);
  const operator = new Operator(page);
  await expect(page.getByTestId('terminal-status')).toHaveText('Down');
  return { operator, truth: new Truth(plant), account };
}

test('an operator starts, pauses, resumes and completes an order', async ({ plant, page }) => {
  const { operator, truth } = await standingLine(plant, page);
  await page.getByRole('button', { name: 'Start order FA-1' }).click();
  const current = page.getByTestId('current-order');
  await expect(current).toContainText('FA-1');
  await expect(operator.summary).toContainText('Entered');
  await expect.poll(async () => (await truth.order('FA-1')).state).toBe('running');
  await expect(page.getByRole('button', { name: 'Start order FA-2' })).toBeDisabled();

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(async () => (await truth.order('FA-1')).state).toBe('paused');
  await expect(current).toHaveAttribute('data-state', 'paused');
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect.poll(async () => (await truth.order('FA-1')).state).toBe('running');

  await page.getByRole('button', { name: 'Complete' }).click();
  const question = page.getByRole('dialog', { name: 'Complete order FA-1?' });
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  expect((await truth.order('FA-1')).state).toBe('running');
  await page.getByRole('button', { name: 'Complete' }).click();
  await question.getByRole('button', { name: 'Complete' }).click();
  await expect.poll(async () => (await truth.order('FA-1')).state).toBe('completed');
  await expect(page.getByText('No order is running')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start order FA-2' })).toBeEnabled();
});

test('the reason of the current stop shows in another browser, and can be taken back', async ({ plant, page, browser }) => {
  const { operator, truth } = await standingLine(plant, page);
  const context = await browser.newContext({ locale: 'en-GB' });
  const other = await context.newPage();
  await plant.signIn(other, Plant.admin, LINE);
  await expect(other.getByRole('heading', { level: 1, name: 'Sciage' })).toBeVisible();
  await expect(other.locator('.machine[data-machine="saw-1"]')).toContainText('Not classified');

  await operator.reason('Blade broken').click();
  await expect(operator.reason('Blade broken')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await truth.stops())[0]?.reason).toBe('blade');
  await expect(other.locator('.machine[data-machine="saw-1"]')).not.toContainText('Not classified');
  await expect(other.getByTestId('pareto')).toContainText('Blade broken');

  await page.getByRole('button', { name: 'Comment' }).click();
  await page.getByRole('textbox', { name: 'Comment' }).fill('third one this week');
  await page.getByRole('button', { name: 'Save comment' }).click();
  await expect.poll(async () => (await truth.stops())[0]?.comment).toBe('third one this week');

  await operator.reason('Changeover').click();
  await expect.poll(async () => (await truth.stops())[0]?.reason).toBe('changeover');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await truth.stops())[0]?.reason).toBe('blade');
  await context.close();
});

test('what is entered while the hub is away is kept, and arrives once and in order when it is back', async ({ plant, page }) => {
  const { operator, truth } = await standingLine(plant, page);
  await page.getByRole('button', { name: 'Start order FA-1' }).click();
  await expect.poll(async () => (await truth.order('FA-1')).state).toBe('running');

  await plant.hub.kill();
  await expect(page.getByText(/^Not live\. Data as of /)).toBeVisible();
  await operator.reason('No material').click();
  await operator.enterScrap('Scie à ruban', '7');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(operator.summary).toHaveText(/3 entries wait for the connection since \d\d:\d\d/);
  await expect(page.getByTestId('current-order')).toContainText('Paused');
  await expect(page.getByTestId('current-order')).toContainText('waits');

  // Away and back within the application: the last known data and what waits are still there.
  await page.getByRole('link', { name: 'Line view' }).click();
  await page.goBack();
  await expect(operator.summary).toContainText('3 entries wait');
  await expect(page.getByTestId('current-order')).toContainText('FA-1');

  await plant.hub.start();
  await expect(operator.connection).toHaveText('Live', { timeout: 45_000 });
  await expect(operator.summary).toContainText('Entered', { timeout: 30_000 });
  await expect.poll(() => truth.order('FA-1')).toMatchObject({ state: 'paused', scrap: '7' });
  expect(await truth.scrap('saw-1')).toBe('7');
  expect((await truth.stops()).filter(({ reason }) => reason === 'no-material')).toHaveLength(1);
});

test('entries outlive a browser that is closed before the hub is back', async ({ plant, page, context }) => {
  const { operator, truth } = await standingLine(plant, page);
  await context.setOffline(true);
  await operator.enterScrap('Scie à ruban', '3');
  await expect(operator.summary).toContainText('Scie à ruban: 3 scrap');
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  // On whatever view: what waits is sent as soon as the application is open.
  await later.goto(`${plant.hub.url}${LINE}`);
  await expect.poll(() => truth.scrap('saw-1')).toBe('3');
});

test('an answer that is lost is asked for again, and the entry applied once', async ({ plant, page }) => {
  const { operator, truth } = await standingLine(plant, page);
  const sent: string[] = [];
  const loseOnce = async (url: string, id: (body: string | null, headers: Record<string, string>) => string) => {
    let lost = false;
    await page.route(url, async (route) => {
      const request = route.request();
      sent.push(id(request.postData(), await request.allHeaders()));
      const answer = await route.fetch();
      if (lost) return route.fulfill({ response: answer });
      lost = true;
      return route.abort('connectionreset');
    });
  };
  await loseOnce('**/api/v1/ingest', (body) => (JSON.parse(body ?? '{}') as { id: string }).id);
  await loseOnce('**/orders/FA-1/start', (_, headers) => headers['idempotency-key'] ?? '');
  await operator.enterScrap('Scie à ruban', '5');
  await page.getByRole('button', { name: 'Start order FA-1' }).click();
  await expect.poll(() => sent.length, { timeout: 30_000 }).toBe(4);
  await expect(operator.summary).toContainText('Entered');
  await expect(page.getByTestId('current-order')).toContainText('FA-1');
  expect(new Set(sent).size).toBe(2);
  expect(await truth.scrap('saw-1')).toBe('5');
  expect((await truth.order('FA-1')).state).toBe('running');
});

test('a refused entry stays with its reason until it is put away', async ({ plant, page, context }) => {
  const { operator, truth } = await standingLine(plant, page);
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Start order FA-1' }).click();
  await expect(operator.summary).toContainText('Start order FA-1');
  await plant.send('POST', '/orders/FA-1/cancel');
  await context.setOffline(false);
  await expect(operator.summary).toContainText('1 entry was refused', { timeout: 45_000 });
  await page.getByRole('button', { name: 'Entries' }).click();
  const dialog = page.getByRole('dialog', { name: 'What was entered' });
  await expect(dialog).toContainText('Refused: the order is no longer in a state that allows it.');
  await dialog.getByRole('button', { name: 'Discard: Start order FA-1' }).click();
  await expect(dialog).toContainText('Nothing waits.');
  await page.keyboard.press('Escape');
  await expect(operator.summary).not.toContainText('refused');
  expect((await truth.order('FA-1')).state).toBe('cancelled');
});

test('the entries of one user are not sent by the next, and are sent when the first is back', async ({ plant, page, context }) => {
  const { operator, truth, account } = await standingLine(plant, page);
  const other = await plant.addUser('supervisor');
  const senders: string[] = [];
  await page.route('**/api/v1/ingest', async (route) => {
    senders.push((await route.request().allHeaders())['authorization'] ?? '');
    await route.abort('connectionrefused');
  });
  await operator.enterScrap('Scie à ruban', '4');
  await expect(operator.summary).toContainText('4 scrap');
  await expect.poll(() => senders.length).toBeGreaterThan(0);
  await signOut(page);
  await page.unroute('**/api/v1/ingest');
  const sent: string[] = [];
  page.on('request', (request) => { if (request.url().endsWith('/ingest')) sent.push(request.url()); });
  await plant.signIn(page, other, TERMINAL);
  await page.getByRole('button', { name: 'Entries' }).click();
  await expect(page.getByRole('dialog')).toContainText('1 entry of another user waits on this device.');
  await page.keyboard.press('Escape');
  await operator.enterScrap('Amenage', '1');
  await expect.poll(() => truth.scrap('saw-2')).toBe('1');
  expect(sent).toHaveLength(1);
  expect(await truth.scrap('saw-1')).toBe('0');
  await signOut(page);
  await plant.signIn(page, account, TERMINAL);
  await expect.poll(() => truth.scrap('saw-1')).toBe('4');
  expect(context.pages()).toHaveLength(1);
});

test('two tabs do not send twice', async ({ plant, page, context }) => {
  const { operator, truth } = await standingLine(plant, page);
  const second = await context.newPage();
  await second.goto(plant.hub.url + TERMINAL);
  const other = new Operator(second);
  await expect(other.connection).toHaveText('Live');
  const sent: string[] = [];
  context.on('request', (request) => { if (request.url().endsWith('/ingest')) sent.push(request.postData() ?? ''); });
  await context.setOffline(true);
  await operator.enterScrap('Scie à ruban', '2');
  await other.enterScrap('Scie à ruban', '6');
  await expect(operator.summary).toContainText('6 scrap');
  sent.length = 0;
  await context.setOffline(false);
  await expect(operator.summary).toContainText('Entered', { timeout: 45_000 });
  await expect(other.summary).toContainText('Entered');
  await expect.poll(() => truth.scrap('saw-1')).toBe('8');
  const ids = sent.map((body) => (JSON.parse(body) as { id: string }).id);
  expect(new Set(ids).size).toBe(2);
});

test('who may only look enters nothing', async ({ plant, page }) => {
  await plant.send('PATCH', LINE, { reasons: REASONS });
  await plant.addOrder('FA-1', 100);
  const viewer = await plant.addUser('viewer');
  await plant.signIn(page, viewer, TERMINAL);
  await expect(page.getByText('Your role lets you look, but enter nothing.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start order FA-1' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Scrap', exact: true })).toBeDisabled();
});

for (const language of ['en', 'fr'] as const) {
  test(`axe finds nothing on the terminal in ${language}, every target is big, and nothing scrolls sideways`, async ({ plant, page }) => {
    await standingLine(plant, page);
    await page.getByRole('button', { name: 'Start order FA-1' }).click();
    await expect(page.getByTestId('current-order')).toBeVisible();
    await page.evaluate((chosen) => { localStorage.setItem('topsteel.language', chosen); }, language);
    await page.reload();
    await expect(page.getByTestId('current-order')).toBeVisible();
    const check = async (what: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await faultsOf(page), `${what} in ${colorScheme}`).toEqual([]);
      }
    };
    await check('terminal');
    for (const { width, height } of [{ width: 1280, height: 800 }, { width: 1024, height: 768 }, { width: 360, height: 800 }]) {
      await page.setViewportSize({ width, height });
      const targets = await page.locator('.terminal').getByRole('button').or(page.locator('.terminal').getByRole('link')).all();
      for (const target of targets) {
        const box = await target.boundingBox();
        expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.innerText()).toBeGreaterThanOrEqual(56);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
    for (const name of language === 'en' ? ['Scrap', 'Entries', 'Comment', 'Complete'] : ['Rebuts', 'Saisies', 'Commenter', 'Terminer']) {
      await page.getByRole('button', { name, exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await check(name);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toBeHidden();
    }
  });
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

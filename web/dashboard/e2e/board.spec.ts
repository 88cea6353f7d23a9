/** The board in a real browser against a real hub: signing in, living data, and a hub that dies and comes back. */
import { axeFindsNothing, expect, test } from './fixtures';

test('a supervisor signs in and sees the lines', async ({ supervisor }) => {
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  await expect(supervisor.page).toHaveURL(/\/sites\/[a-z0-9-]+$/);
  expect(await supervisor.tiles.count()).toBeGreaterThan(0);
});

test('a wrong password is refused in words', async ({ supervisor }) => {
  await supervisor.open();
  await supervisor.logIn('wrong');
  await expect(supervisor.page.getByRole('alert')).toHaveText('The email or the password is not right.');
});

test('a tile changes by itself', async ({ supervisor }) => {
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  const before = await supervisor.figures();
  await expect.poll(() => supervisor.figures(), { timeout: 60_000 }).not.toBe(before);
});

test('the board says that the hub is gone, and lives again by itself when it is back', async ({ supervisor, hub }) => {
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  const tiles = await supervisor.tiles.count();
  await supervisor.page.evaluate(() => { document.body.dataset['sameDocument'] = 'yes'; });

  await hub.kill();
  await expect(supervisor.connection).toHaveText(/^Reconnecting since /);
  await expect(supervisor.page.getByText(/^Not live\. Data as of /)).toBeVisible();
  await expect(supervisor.tiles).toHaveCount(tiles);

  await hub.start();
  await expect(supervisor.connection).toHaveText('Live', { timeout: 45_000 });
  await expect(supervisor.page.getByText(/^Not live\./)).toBeHidden();
  await expect(supervisor.tiles).toHaveCount(tiles);
  const back = await supervisor.figures();
  await expect.poll(() => supervisor.figures(), { timeout: 60_000 }).not.toBe(back);
  await expect(supervisor.page.locator('body')).toHaveAttribute('data-same-document', 'yes');
});

test('a reload keeps the session, a logout ends it in every tab', async ({ supervisor, context, hub }) => {
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  await supervisor.page.reload();
  await supervisor.seesLiveBoard();

  const other = await context.newPage();
  await other.goto(hub.url);
  await expect(other.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await supervisor.page.getByRole('button', { name: 'Menu' }).click();
  await supervisor.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(supervisor.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a site that does not exist is said to be unknown', async ({ supervisor }) => {
  await supervisor.open('/sites/no-such-site');
  await supervisor.logIn();
  await expect(supervisor.page.getByRole('heading', { name: 'Unknown site' })).toBeVisible();
});

test('the page speaks French and remembers it', async ({ supervisor }) => {
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  await supervisor.page.getByRole('button', { name: 'Menu' }).click();
  await supervisor.page.getByRole('menuitemradio', { name: 'Français' }).click();
  await expect(supervisor.page.getByRole('status', { name: 'Connexion' })).toHaveText('En direct');
  await supervisor.page.reload();
  await expect(supervisor.page.getByRole('status', { name: 'Connexion' })).toHaveText('En direct');
  await expect(supervisor.page.locator('html')).toHaveAttribute('lang', 'fr');
});

test('a device publishes down, and its tile is red within a second; running makes it calm again', async ({ page, plant }) => {
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.signIn(page, await plant.addUser('supervisor'));
  const tile = page.locator('[data-line="saw"]');
  await expect(tile).toHaveAttribute('data-tone', 'green');

  await plant.publish('saw-1', 'state', { state: 'down', reason: 'tool-break' });
  await expect(tile).toHaveAttribute('data-tone', 'red', { timeout: 1_000 });
  await expect(tile.getByText('Down', { exact: true })).toBeVisible();
  await expect(tile.getByText('tool-break')).toBeVisible();
  await expect(tile.locator('time')).toHaveText(/^\d+s$/);
  const red = await tile.locator('.tile-strip').evaluate((strip) => getComputedStyle(strip).backgroundColor);
  expect(red).toBe('rgb(179, 22, 27)');

  await plant.publish('saw-1', 'state', { state: 'running' });
  await expect(tile).toHaveAttribute('data-tone', 'green', { timeout: 1_000 });
});

test('a line that stands needs somebody more than one that runs, and the tile shows its order against the plan', async ({ page, plant }) => {
  await plant.addLine('press', 'Presse');
  await plant.addMachine('press', { code: 'press-1', name: 'Presse 1', output: true, ideal_cycle_s: 5 });
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.publish('press-1', 'state', { state: 'down' }, 'press');
  await plant.addOrder('PO-1', 40);
  await plant.publish('saw-1', 'order', { order: 'PO-1', action: 'start' });
  await plant.publish('saw-1', 'count', { good: 10 });
  await plant.signIn(page, await plant.addUser('supervisor'));
  const names = page.getByRole('list', { name: 'Lines by need' }).getByRole('heading');
  await expect(names).toHaveText(['Presse', 'Sciage']);
  const saw = page.locator('[data-line="saw"]');
  await expect(saw.getByRole('progressbar', { name: 'Progress of order PO-1' })).toHaveAttribute('aria-valuenow', '25');
  await expect(saw.getByText('10 / 40')).toBeVisible();

  await page.getByRole('group', { name: 'Show' }).getByText('Down').click();
  await expect(names).toHaveText(['Presse']);
  await expect(page).toHaveURL(/\?show=down$/);
  await page.getByRole('link', { name: 'Presse' }).click();
  await expect(page).toHaveURL(/\/sites\/lyon\/lines\/press$/);
  await expect(page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Presse' })).toBeVisible();
});

test('the hub is killed and restarted: the page says since when it knows nothing, and then shows what happened meanwhile', async ({ page, plant }) => {
  await plant.publish('saw-1', 'state', { state: 'running' });
  await plant.signIn(page, await plant.addUser('supervisor'));
  const tile = page.locator('[data-line="saw"]');
  await expect(tile).toHaveAttribute('data-tone', 'green');
  await page.evaluate(() => { document.body.dataset['sameDocument'] = 'yes'; });
  const shape = tile.locator('.tile-strip svg').first();
  const live = await shape.evaluate((svg) => getComputedStyle(svg).color);

  await plant.hub.kill();
  const connection = page.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveText(/^Reconnecting since \d\d:\d\d:\d\d$/);
  await expect(page.getByText(/^Not live\. Data as of \d\d:\d\d:\d\d, \d+s ago\.$/)).toBeVisible();
  await expect(page.locator('.board')).toHaveAttribute('data-stale', 'true');
  expect(await shape.evaluate((svg) => getComputedStyle(svg).color), 'stale values are dimmed').not.toBe(live);
  // What is stale does not get older, because nobody knows.
  const age = await tile.locator('time').textContent();
  await expect(page.getByText(/, [2-9]s ago\.$/)).toBeVisible();
  expect(await tile.locator('time').textContent()).toBe(age);

  await plant.hub.start();
  await plant.publish('saw-1', 'state', { state: 'down', reason: 'power-cut' });
  await expect(connection).toHaveText('Live', { timeout: 45_000 });
  await expect(tile).toHaveAttribute('data-tone', 'red');
  await expect(tile.getByText('power-cut')).toBeVisible();
  await expect(page.locator('.board')).toHaveAttribute('data-stale', 'false');
  await expect(page.locator('body')).toHaveAttribute('data-same-document', 'yes');
});

test('after a restart of the hub a page asks for little, and not all at once', async ({ page, plant }) => {
  await plant.signIn(page, await plant.addUser('supervisor'));
  const calls: string[] = [];
  page.on('request', (request) => { if (request.url().includes('/api/')) calls.push(new URL(request.url()).pathname); });
  await plant.hub.kill();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText(/^Reconnecting/);
  await plant.hub.start();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live', { timeout: 45_000 });
  // The live socket brings everything; the access token still holds, so not even that is renewed.
  expect(calls.filter((path) => !path.endsWith('/live'))).toEqual([]);
});

test('the menu holds the views on a telephone', async ({ page, plant }) => {
  await page.setViewportSize({ width: 360, height: 800 });
  await plant.signIn(page, await plant.addUser('viewer'));
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('menuitem', { name: 'Alerts' }).click();
  await expect(page).toHaveURL(/\/alerts$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Alerts' })).toBeVisible();
});

test('a new version is offered, not taken, where somebody works', async ({ page, plant }) => {
  await page.clock.install();
  await plant.signIn(page, await plant.addUser('viewer'));
  await page.route('**/version.json', (route) => route.fulfill({ json: { version: 'newer' } }));
  await page.clock.runFor(80_000);
  const offer = page.getByText('A new version of this page is ready.');
  await expect(offer).toBeVisible();
  await page.evaluate(() => { document.body.dataset['sameDocument'] = 'yes'; });
  await page.getByRole('button', { name: 'Load it' }).click();
  await expect(page.locator('body')).not.toHaveAttribute('data-same-document', 'yes');
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('axe finds nothing on the login page and the board, in both themes and both languages', async ({ page, plant }) => {
  await page.goto(plant.hub.url);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await axeFindsNothing(page);
  await plant.addLine('press', 'Presse');
  await plant.publish('saw-1', 'state', { state: 'down', reason: 'tool-break' });
  await plant.publish('saw-2', 'alarm', { code: 'oil', active: true, severity: 'critical', text: 'Oil' });
  await plant.signIn(page, await plant.addUser('supervisor'));
  await expect(page.locator('[data-line="saw"]')).toHaveAttribute('data-tone', 'red');
  await axeFindsNothing(page);
});

test('nothing scrolls sideways on a telephone', async ({ supervisor }) => {
  await supervisor.page.setViewportSize({ width: 360, height: 800 });
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  expect(await supervisor.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

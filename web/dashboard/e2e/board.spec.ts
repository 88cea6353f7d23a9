/** The board in a real browser against a real hub: signing in, living data, and a hub that dies and comes back. */
import { expect, test } from './fixtures';

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

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the login page and the board in ${colorScheme}`, async ({ supervisor }) => {
    await supervisor.page.emulateMedia({ colorScheme });
    await supervisor.open();
    await expect(supervisor.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(await supervisor.accessibilityFaults()).toEqual([]);
    await supervisor.logIn();
    await supervisor.seesLiveBoard();
    expect(await supervisor.accessibilityFaults()).toEqual([]);
  });
}

test('nothing scrolls sideways on a telephone', async ({ supervisor }) => {
  await supervisor.page.setViewportSize({ width: 360, height: 800 });
  await supervisor.open();
  await supervisor.logIn();
  await supervisor.seesLiveBoard();
  expect(await supervisor.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

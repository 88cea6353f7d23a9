/** The pages of the API at /docs in a real browser: they show every operation, make a call, and break no content policy. */
import { expect, test } from './fixtures';

test('the API is shown and can be called', async ({ page, hub }) => {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${hub.url}/docs`);
  const document = (await (await page.request.get(`${hub.url}/api/v1/openapi.json`)).json()) as { paths: Record<string, object> };
  const operations = Object.values(document.paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
  await expect(page.locator('.opblock')).toHaveCount(operations);
  const ready = page.locator('#operations-hub-health_ready');
  await ready.locator('.opblock-summary-control').click();
  await ready.getByRole('button', { name: 'Execute' }).click();
  await expect(ready.locator('.live-responses-table .response-col_status').last()).toHaveText(/200/);
  await page.getByRole('button', { name: 'Authorize' }).click();
  await expect(page.getByRole('dialog').or(page.locator('.modal-ux'))).toBeVisible();
  expect(faults).toEqual([]);
});

/** The board with 1, 10, 40 and 200 lines on every screen, at a desk and on a wall; into the folder SCREENS_DIR. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PerfServer } from '../perf/server';
import { PerfSite } from '../perf/site';
import { settled, SIZES, THEMES } from './sizes';

const DIR = process.env['SCREENS_DIR'];
const COUNTS = [1, 4, 10, 40, 200];
const ONLY = process.env['SCREENS_ONLY'] ?? '';

test('the board with few and with many lines', async ({ page }) => {
  test.skip(DIR === undefined, 'SCREENS_DIR names the folder for these pictures');
  const server = new PerfServer(join(import.meta.dirname, '../dist'), COUNTS.map((count) => new PerfSite(`n${count}`, count, Date.now())));
  const url = await server.listen();
  await page.addInitScript(() => { localStorage.setItem('topsteel.refresh_token', 'perf'); });
  for (const count of COUNTS) {
    for (const [view, path] of [['desk', `/sites/n${count}`], ['wall', `/kiosk?sites=n${count},n4`]] as const) {
      for (const { name, width, height } of SIZES) {
        for (const theme of THEMES) {
          const file = `${view}-${count}-${name}-${theme}.png`;
          if (!file.includes(ONLY)) continue;
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme: theme });
          await page.goto(url + path);
          await expect(page.getByRole('article')).toHaveCount(count);
          await settled(page);
          await page.screenshot({ path: join(DIR ?? '', file) });
        }
      }
    }
  }
  server.close();
});

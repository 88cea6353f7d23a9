/** The measurement of the board (`npm run perf`): Chromium's own tracing on the built dashboard, not a part of the tests. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config';

export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: '*.perf.ts',
  timeout: 3_600_000,
  use: { ...base.use, trace: 'off', screenshot: 'off', viewport: { width: 1920, height: 1080 } },
});

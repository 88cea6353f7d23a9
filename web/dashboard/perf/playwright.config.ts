/** The measurement of the board (`npm run perf`): Chromium's own tracing on the built dashboard, not a part of the tests. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config';

export default defineConfig({
  ...base,
  testDir: '.',
  // Of its own, so that a run of the tests does not sweep it away.
  outputDir: '../../../target/perf-results',
  testMatch: '*.perf.ts',
  timeout: 3_600_000,
  use: { ...base.use, trace: 'off', screenshot: 'off', viewport: { width: 1920, height: 1080 } },
});

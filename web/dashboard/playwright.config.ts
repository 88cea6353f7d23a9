/** Browser tests: real Chromium against a real hub process, which each test starts for itself. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  // Each test runs a hub of its own with a demo plant; more than one at a time would measure the machine, not the hub.
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
});

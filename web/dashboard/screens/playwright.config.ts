/** Pictures of the dashboard (`make screenshots`): not a part of the tests, but taken by the same browser from the same hub. */
import { defineConfig } from '@playwright/test';
import base from '../playwright.config';

export default defineConfig({ ...base, testDir: '.', outputDir: '../../../target/screens-results', testMatch: '*.screens.ts', timeout: 900_000, use: { ...base.use, trace: 'off', screenshot: 'off' } });

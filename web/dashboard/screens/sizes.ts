/** The screens that the dashboard must be good on. */
import type { Page } from '@playwright/test';

export const SIZES = [
  { name: '360x800', width: 360, height: 800 },
  { name: '1280x800', width: 1280, height: 800 },
  { name: '1920x1080', width: 1920, height: 1080 },
  { name: '3840x2160', width: 3840, height: 2160 },
] as const;
export const THEMES = ['light', 'dark'] as const;

/** Two frames after everything asked for has settled, so that no picture shows a half-drawn page. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise<void>((resolve) => { requestAnimationFrame(() => { requestAnimationFrame(() => { resolve(); }); }); }));
}

/** Build and unit-test configuration of the dashboard; the hub embeds what `vite build` leaves in `dist/`. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { initialBudget } from './build/budget.ts';
import { buildVersion } from './build/version.ts';

const hub = process.env['HUB_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react(), tailwindcss(), buildVersion(), initialBudget(250_000)],
  build: {
    target: 'es2022',
    // `light-dark()` and container queries are used as they are; these are the first versions that know them.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // The hub's content security policy has neither `unsafe-inline` nor `data:` scripts, so nothing may be inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      // Same origin for the browser, so that the hub's Origin check holds in development too.
      '/api': { target: hub, ws: true, changeOrigin: true, rewriteWsOrigin: true },
    },
  },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'node',
    restoreMocks: true,
  },
});

/** Entry point: theme and texts first, so that the first paint is the right one; then the services and React. */
import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { router } from './app/routes';
import { queryClient, startServices } from './app/services';
import { applyTheme } from './app/theme';
import { startI18n } from './i18n';

async function start(): Promise<void> {
  applyTheme();
  await startI18n();
  startServices();
  const root = document.getElementById('root');
  if (root === null) throw new Error('the page has no root element');
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();

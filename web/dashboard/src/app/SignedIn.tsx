/** Lets only a signed-in user in; anybody else is led to the login and back. */
import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { useSession } from './hooks';

export function SignedIn({ children }: { children: ReactNode }) {
  const location = useLocation();
  const status = useSession();
  if (status.name !== 'signed_out') return children;
  const here = location.pathname + location.search;
  return <Navigate to={here === '/' ? '/login' : `/login?next=${encodeURIComponent(here)}`} replace />;
}

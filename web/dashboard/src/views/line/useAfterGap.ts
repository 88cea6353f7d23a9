/** Reads again after a lost connection, because what happened meanwhile came by no delta. */
import { useEffect, useRef } from 'react';

export function useAfterGap(stale: boolean, refetch: () => unknown): void {
  const wasStale = useRef(stale);
  useEffect(() => {
    if (wasStale.current && !stale) void refetch();
    wasStale.current = stale;
  }, [stale, refetch]);
}

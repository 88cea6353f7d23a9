/** Entering something: it is on the device before anything else happens, and a bouncing glove enters it once. */
import { useEffect, useRef, useState } from 'react';
import type { Action, Owner } from '../../outbox/entry';
import { enter } from '../../outbox/outbox';
import type { LineRef } from '../../stops/api';

/** Two touches within this time are one. */
const BOUNCE_MS = 700;

export type Enter = {
  /** Resolves to whether it is safe on the device. */
  enter: (action: Action) => Promise<boolean>;
  /** Too soon after the last one, or not for this user. Buttons say so and keep the focus. */
  busy: boolean;
  /** The last entry could not be kept: nothing of it is sent. */
  failed: boolean;
};

/** Null for a user who may not enter anything. */
export function useEnter(owner: Owner | null, place: LineRef): Enter {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => { clearTimeout(timer.current); }, []);

  const enterOnce = async (action: Action): Promise<boolean> => {
    if (owner === null || busy) return false;
    setBusy(true);
    timer.current = setTimeout(() => { setBusy(false); }, BOUNCE_MS);
    try {
      await enter(owner, place, action);
      setFailed(false);
      return true;
    } catch (cause) {
      console.error('an entry could not be kept on this device', cause);
      setFailed(true);
      return false;
    }
  };
  return { enter: enterOnce, busy: busy || owner === null, failed };
}

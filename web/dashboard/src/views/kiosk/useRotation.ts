/** The rotation of a kiosk in time: one timer, ended with the component. */
import { useCallback, useEffect, useReducer, useState } from 'react';
import { type Plan, type Rotation, type RotationEvent, startRotation, turn } from './rotation';

const TICK_MS = 500;

export type Turntable = { rotation: Rotation; now: number; send: (event: RotationEvent) => void };

export function useRotation({ slides, dwellMs }: Plan): Turntable {
  const count = slides.length;
  const [now, setNow] = useState(Date.now);
  const [rotation, dispatch] = useReducer(
    (known: Rotation, { event, at }: { event: RotationEvent; at: number }) => turn(known, event, { now: at, dwellMs, count }),
    null,
    () => startRotation({ now, dwellMs, count }),
  );
  useEffect(() => {
    const timer = setInterval(() => {
      const at = Date.now();
      setNow(at);
      dispatch({ event: { type: 'tick' }, at });
    }, TICK_MS);
    return () => { clearInterval(timer); };
  }, []);
  const send = useCallback((event: RotationEvent) => { dispatch({ event, at: Date.now() }); }, []);
  return { rotation, now, send };
}

/** What came of a message, as a shape that is told apart without its colour. */
import type { ReactNode } from 'react';
import type { Status } from './tail';

const SHAPE: Record<Status, ReactNode> = {
  accepted: <path d="m3.5 10.5 4.2 4.2 8.8-9.4" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  duplicate: <path d="M2.5 6.5h10v11h-10zM7.5 6.5v-4h10v11h-5" fill="none" stroke="currentColor" strokeWidth="2" />,
  refused: <path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3zM7.2 5.4 5.4 7.2 8.2 10l-2.8 2.8 1.8 1.8L10 11.8l2.8 2.8 1.8-1.8L11.8 10l2.8-2.8-1.8-1.8L10 8.2z" fill="currentColor" fillRule="evenodd" />,
};

export function StatusShape({ status }: { status: Status }) {
  return <Svg>{SHAPE[status]}</Svg>;
}

/** Filled while a device is connected, hollow and crossed while it is not. */
export function PlugShape({ connected }: { connected: boolean }) {
  if (connected) return <Svg><circle cx="10" cy="10" r="6.5" fill="currentColor" /></Svg>;
  return <Svg><path d="M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM3 17 17 3" fill="none" stroke="currentColor" strokeWidth="2" /></Svg>;
}

function Svg({ children }: { children: ReactNode }) {
  return <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" className="inline-block h-[1em] w-[1em] shrink-0">{children}</svg>;
}

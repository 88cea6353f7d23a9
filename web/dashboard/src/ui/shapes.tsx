/** The shapes that carry a state or a severity together with its colour, so that nobody has to tell colours apart. */
import type { ReactNode } from 'react';
import type { LineStatus, Severity } from '../vocabulary';

/** A line that stands because it is meant to has a shape of its own. */
export type ShapedState = LineStatus | 'planned';

const STATE: Record<ShapedState, ReactNode> = {
  running: <path d="M5 3.5 17 10 5 16.5z" fill="currentColor" />,
  idle: <path d="M4.5 3.5h4v13h-4zM11.5 3.5h4v13h-4z" fill="currentColor" />,
  setup: <path d="M10 1.5 18.5 10 10 18.5 1.5 10zM10 6.2 6.2 10l3.8 3.8 3.8-3.8z" fill="currentColor" fillRule="evenodd" />,
  down: <path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3zM7.2 5.4 5.4 7.2 8.2 10l-2.8 2.8 1.8 1.8L10 11.8l2.8 2.8 1.8-1.8L11.8 10l2.8-2.8-1.8-1.8L10 8.2z" fill="currentColor" fillRule="evenodd" />,
  maintenance: <path d="M17.6 5.2a5 5 0 0 1-6.5 6.1l-5.6 6.1a2 2 0 0 1-2.9-2.9l6.1-5.6a5 5 0 0 1 6.1-6.5l-2.9 2.9.6 2.2 2.2.6z" fill="currentColor" />,
  planned: <path d="M10 1.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zm0 2.2a6.3 6.3 0 1 0 0 12.6 6.3 6.3 0 0 0 0-12.6zM6.9 6.6H9v6.8H6.9zm4.1 0h2.1v6.8H11z" fill="currentColor" fillRule="evenodd" />,
  offline: <Question />,
  unknown: <Question />,
};

function Question() {
  return (
    <>
      <circle cx="10" cy="10" r="7.6" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="3.2 2" />
      <path d="M7.7 8a2.3 2.3 0 1 1 3.4 2c-.8.5-1.1.9-1.1 1.8" fill="none" stroke="currentColor" strokeWidth="1.7" />
      <circle cx="10" cy="14.3" r="1.1" fill="currentColor" />
    </>
  );
}

const SEVERITY: Record<Severity, ReactNode> = {
  critical: <path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3zM8.8 4.6v6.6h2.4V4.6zM8.8 13v2.4h2.4V13z" fill="currentColor" fillRule="evenodd" />,
  high: <path d="M10 2 19 17.5H1zM9 7.6v4.8h2V7.6zM9 13.8v2h2v-2z" fill="currentColor" fillRule="evenodd" />,
  medium: <path d="M10 1.5 18.5 10 10 18.5 1.5 10z" fill="currentColor" />,
  low: <circle cx="10" cy="10" r="6.5" fill="none" stroke="currentColor" strokeWidth="2.6" />,
};

function Shape({ children, className = '' }: { children: ReactNode; className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" className={`inline-block h-[1em] w-[1em] shrink-0 ${className}`}>
      {children}
    </svg>
  );
}

export function StateShape({ state, className }: { state: ShapedState; className?: string }) {
  return <Shape className={className ?? ''}>{STATE[state]}</Shape>;
}

export function SeverityShape({ severity }: { severity: Severity }) {
  return <Shape className={`severity-${severity}`}>{SEVERITY[severity]}</Shape>;
}

/** Alerts in general, of whatever severity. */
export function AlertShape() {
  return <Shape>{SEVERITY.high}</Shape>;
}

export function ConnectionShape({ kind }: { kind: 'live' | 'reconnecting' | 'connecting' | 'offline' }) {
  if (kind === 'live') return <Shape><circle cx="10" cy="10" r="6" fill="currentColor" /></Shape>;
  if (kind === 'offline') return <Shape><path d="M4 2.6 17.4 16 16 17.4 2.6 4zM10 4l8 13H9z" fill="currentColor" /></Shape>;
  return <Shape className="turning"><path d="M10 2a8 8 0 1 1-7.4 5l2.3 1A5.5 5.5 0 1 0 10 4.5z" fill="currentColor" /></Shape>;
}

/** Behind its time: a clock. */
export function LateShape() {
  return <Shape><path d="M10 1.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zm0 2.4a6.1 6.1 0 1 0 0 12.2 6.1 6.1 0 0 0 0-12.2zM8.9 5.5h2.2v4l2.9 2.9-1.6 1.6-3.5-3.6z" fill="currentColor" fillRule="evenodd" /></Shape>;
}

export function Chevron() {
  return <Shape className="opacity-70"><path d="m4 7 6 6 6-6" fill="none" stroke="currentColor" strokeWidth="2.2" /></Shape>;
}

export function MenuShape() {
  return <Shape><path d="M2 4h16v2.2H2zM2 8.9h16v2.2H2zM2 13.8h16V16H2z" fill="currentColor" /></Shape>;
}

export function HeldShape() {
  return <Shape>{STATE.idle}</Shape>;
}

export function ArrowShape({ back = false }: { back?: boolean }) {
  return <Shape>{back ? <path d="M13 3 6 10l7 7" fill="none" stroke="currentColor" strokeWidth="2.4" /> : <path d="m7 3 7 7-7 7" fill="none" stroke="currentColor" strokeWidth="2.4" />}</Shape>;
}

export function CloseShape() {
  return <Shape><path d="m4 4 12 12M16 4 4 16" fill="none" stroke="currentColor" strokeWidth="2.4" /></Shape>;
}

export function FullScreenShape() {
  return <Shape><path d="M2 7V2h5M13 2h5v5M18 13v5h-5M7 18H2v-5" fill="none" stroke="currentColor" strokeWidth="2.2" /></Shape>;
}

/** The part of the period that the timeline shows, and how wheel, fingers and mouse move it. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { pan, pinch, type Range, within, zoom } from './scale';

/** A mouse that moves less than this between down and up has clicked. */
const CLICK_PX = 5;
/** A wheel that was scrolling the page goes on scrolling it, also when the timeline comes under the pointer. */
const SCROLLING_MS = 400;
const WHEEL_FACTOR = 1.0015;
const LINE_PX = 16;

export type View = { shown: Range; whole: boolean; set: (range: Range) => void; reset: () => void };

export function useView(bounds: Range): View {
  const [view, setView] = useState<Range | null>(null);
  const { from, to } = bounds;
  const set = useCallback((range: Range) => { setView(range.from <= from && range.to >= to ? null : range); }, [from, to]);
  const reset = useCallback(() => { setView(null); }, []);
  return { shown: view === null ? bounds : within(view, bounds), whole: view === null, set, reset };
}

/** What the pointer is told about: a machine's row and a moment. */
export type Point = { machine: string; at: number };
type Latest = { shown: Range; bounds: Range; set: (range: Range) => void; onHover: (point: Point | null) => void; onClick: (point: Point) => void };

/** Attaches the gestures to `area`; `plot` is as wide as what is shown. */
export function useGestures(area: RefObject<HTMLElement | null>, plot: RefObject<HTMLElement | null>, now: Latest): void {
  const latest = useRef(now);
  useEffect(() => { latest.current = now; });
  useEffect(() => {
    const [element, scale] = [area.current, plot.current];
    if (element === null || scale === null) return;
    const ending = new AbortController();
    attachWheel(element, scale, latest, ending.signal);
    attachPointers(element, scale, latest, ending.signal);
    return () => { ending.abort(); };
  }, [area, plot]);
}

function shareOf(scale: HTMLElement, clientX: number): number {
  const { left, width } = scale.getBoundingClientRect();
  return width === 0 ? 0 : (clientX - left) / width;
}

function momentOf({ shown }: Latest, share: number): number {
  return shown.from + share * (shown.to - shown.from);
}

function attachWheel(element: HTMLElement, scale: HTMLElement, latest: RefObject<Latest>, signal: AbortSignal): void {
  let scrolledAt = -Infinity;
  addEventListener('wheel', ({ target, timeStamp }) => { if (!(target instanceof Node && element.contains(target))) scrolledAt = timeStamp; }, { passive: true, signal });
  const onWheel = (event: WheelEvent) => {
    const { shown, bounds, set } = latest.current;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE_PX;
    const sideways = event.shiftKey ? event.deltaX + event.deltaY : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
    const next = sideways !== 0
      ? pan(shown, bounds, (sideways * unit * (shown.to - shown.from)) / scale.clientWidth)
      : zoom(shown, bounds, WHEEL_FACTOR ** (event.deltaY * unit), momentOf(latest.current, shareOf(scale, event.clientX)));
    const scrolling = !event.ctrlKey && event.timeStamp - scrolledAt < SCROLLING_MS;
    // At the ends the page scrolls on, as if the timeline were a picture.
    if (scrolling || (next.from === shown.from && next.to === shown.to)) {
      if (!event.ctrlKey) scrolledAt = event.timeStamp;
      return;
    }
    event.preventDefault();
    set(next);
  };
  element.addEventListener('wheel', onWheel, { passive: false, signal });
}

type Touch = { share: number; moment: number };

function attachPointers(element: HTMLElement, scale: HTMLElement, latest: RefObject<Latest>, signal: AbortSignal): void {
  const down = new Map<number, Touch>();
  let start: { x: number; y: number; moved: boolean } | null = null;
  const pointOf = (event: PointerEvent): Point | null => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-track]') : null;
    const machine = row?.dataset['track'];
    return machine === undefined ? null : { machine, at: momentOf(latest.current, shareOf(scale, event.clientX)) };
  };
  const drag = (event: PointerEvent) => {
    const touch = down.get(event.pointerId);
    if (touch === undefined || start === null) return;
    start.moved ||= Math.hypot(event.clientX - start.x, event.clientY - start.y) > CLICK_PX;
    touch.share = shareOf(scale, event.clientX);
    if (!start.moved) return;
    const { shown, bounds, set } = latest.current;
    const [one, other] = [...down.values()].sort((a, b) => a.moment - b.moment);
    if (one === undefined) return;
    const next = other === undefined ? pan(shown, bounds, touch.moment - momentOf(latest.current, touch.share)) : pinch(bounds, [one.moment, other.moment], [one.share, other.share]);
    if (next === null) return;
    // The next move may come before React has painted this one.
    latest.current = { ...latest.current, shown: next };
    set(next);
  };
  const end = (event: PointerEvent) => {
    const clicked = event.type === 'pointerup' && down.size === 1 && start?.moved === false ? pointOf(event) : null;
    down.delete(event.pointerId);
    if (down.size === 0) start = null;
    for (const touch of down.values()) touch.moment = momentOf(latest.current, touch.share);
    if (clicked === null) return;
    latest.current.onHover(clicked);
    latest.current.onClick(clicked);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || pointOf(event) === null) return;
    const share = shareOf(scale, event.clientX);
    start = { x: event.clientX, y: event.clientY, moved: down.size > 0 };
    down.set(event.pointerId, { share, moment: momentOf(latest.current, share) });
  }, { signal });
  // On the window, so that a drag goes on outside and ends wherever it ends.
  addEventListener('pointermove', drag, { signal });
  addEventListener('pointerup', end, { signal });
  addEventListener('pointercancel', end, { signal });
  element.addEventListener('pointermove', (event) => { if (down.size === 0) latest.current.onHover(pointOf(event)); }, { signal });
  // A finger that is lifted leaves as well; what it pointed at stays to be read.
  element.addEventListener('pointerleave', ({ pointerType }) => { if (pointerType !== 'touch') latest.current.onHover(null); }, { signal });
}

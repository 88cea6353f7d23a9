/** One measure over time, drawn by uPlot; as a slider it can be read point by point with the keyboard, a drag looks closer. */
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Mark, Point } from './trend';

type ChartProps = {
  points: readonly Point[];
  /** The same with a mark where the curve breaks. */
  marks: readonly Mark[];
  /** What the time axis shows, epoch milliseconds. */
  from: number;
  to: number;
  label: string;
  format: (value: number) => string;
  formatTime: (at: number) => string;
  formatTick: (at: number) => string;
  timeZone: string | undefined;
  /** A part was chosen to be seen in detail. */
  onRange: (from: number, to: number) => void;
};

/** The newest properties, for the callbacks that uPlot keeps. */
type Latest = Pick<ChartProps, 'points' | 'marks' | 'from' | 'to' | 'formatTick' | 'onRange'>;

export default function Chart({ points, marks, from, to, label, format, formatTime, formatTick, timeZone, onRange }: ChartProps) {
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef<Latest>({ points, marks, from, to, formatTick, onRange });
  // A moment, not an index: points come and go while it is looked at.
  const [picked, setPicked] = useState<number | null>(null);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(optionsFor(element, latest, timeZone), [[], []], element);
    plot.current = made;
    show(made, latest.current);
    made.over.addEventListener('mousemove', ({ offsetX }) => { setPicked(nearest(latest.current.points, made.posToVal(offsetX, 'x') * 1_000)); });
    made.over.addEventListener('mouseleave', () => { setPicked(null); });
    const observer = new ResizeObserver(() => { made.setSize(sizeOf(element)); });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [timeZone]);

  useEffect(() => {
    latest.current = { points, marks, from, to, formatTick, onRange };
    if (plot.current !== null) show(plot.current, latest.current);
  }, [points, marks, from, to, formatTick, onRange]);

  const index = picked === null ? points.length - 1 : Math.max(0, points.findLastIndex(({ at }) => at <= picked));
  const point = points[index];
  const marked = picked === null ? undefined : point;
  useEffect(() => {
    const chart = plot.current;
    if (chart === null) return;
    chart.setCursor(marked === undefined ? HIDDEN : { left: chart.valToPos(marked.at / 1_000, 'x'), top: chart.valToPos(marked.value, 'y') }, false);
  }, [marked, from]);
  const share = marked === undefined ? null : (marked.at - from) / (to - from);

  const read = point === undefined ? t('line.noSamples') : `${formatTime(point.at)}: ${format(point.value)}`;
  const move = (event: KeyboardEvent) => {
    const next = moved(event.key, index, points.length);
    if (next === null) return;
    event.preventDefault();
    setPicked(points[next]?.at ?? null);
  };
  return (
    <div className="trend-plot">
      <div
        ref={host}
        className="trend-chart"
        data-points={points.length}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, points.length - 1)}
        aria-valuenow={Math.max(0, index)}
        aria-valuetext={read}
        onKeyDown={move}
      />
      {share !== null && <p className="trend-tip" data-side={share > 0.5 ? 'left' : 'right'} style={{ insetInlineStart: `${share * 100}%` }} aria-hidden="true">{read}</p>}
    </div>
  );
}

const PAGE = 20;
/** A shorter drag was a click. */
const LEAST_PX = 8;
const HIDDEN = { left: -10, top: -10 };

/** Where a key leads to; null for a key that is not about the chart. */
function moved(key: string, index: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -PAGE, PageUp: PAGE, Home: -Infinity, End: Infinity };
  const by = steps[key];
  return by === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, index + by));
}

/** The moment of the point nearest to `at`; null where there is none. */
function nearest(points: readonly Point[], at: number): number | null {
  const after = points.findIndex((point) => point.at >= at);
  const [left, right] = after < 0 ? [points.at(-1), undefined] : [points[after - 1], points[after]];
  if (left === undefined || right === undefined) return left?.at ?? right?.at ?? null;
  return at - left.at < right.at - at ? left.at : right.at;
}

function show(plot: uPlot, { marks }: Latest): void {
  plot.setData([marks.map(({ at }) => at / 1_000), marks.map(({ value }) => value)]);
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: element.clientWidth, height: element.clientHeight };
}

/** Colours are those of the style sheet at the time of drawing, so that a change of theme is followed. */
function optionsFor(element: HTMLElement, latest: { current: Latest }, timeZone: string | undefined): uPlot.Options {
  const style = getComputedStyle(element);
  const fontPx = Math.max(12, 0.8 * parseFloat(style.fontSize));
  const axis: uPlot.Axis = {
    stroke: () => style.color,
    font: `${fontPx}px ${style.fontFamily}`,
    grid: { stroke: () => style.borderTopColor, width: 1 },
    ticks: { stroke: () => style.borderTopColor, width: 1 },
  };
  return {
    ...sizeOf(element),
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { show: true } },
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < LEAST_PX) return;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest.current.onRange(plot.posToVal(left, 'x') * 1_000, plot.posToVal(left + width, 'x') * 1_000);
        },
      ],
    },
    // A change of the system's zone or an unknown name must not take the view down.
    ...(timeZone === undefined ? {} : { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1_000), timeZone) }),
    scales: {
      x: { time: true, range: () => [latest.current.from / 1_000, latest.current.to / 1_000] },
      y: { range: (_, min, max) => yRange(min, max) },
    },
    axes: [
      { ...axis, space: fontPx * 6, size: fontPx * 2.6, incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400], values: (_, ticks) => ticks.map((tick) => latest.current.formatTick(tick * 1_000)) },
      { ...axis, space: fontPx * 3, size: (_, values) => 14 + 0.62 * fontPx * Math.max(3, ...(values as string[] | null ?? []).map((text) => text.length)) },
    ],
    series: [{}, { stroke: () => style.textDecorationColor, width: 2, spanGaps: false, points: { size: 5 } }],
  };
}

/** A little air, and a span of its own for a measure that does not move. */
function yRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  if (min === max) return min === 0 ? [0, 1] : [min - Math.abs(min) * 0.1, max + Math.abs(max) * 0.1];
  const air = (max - min) * 0.06;
  return [min >= 0 ? Math.max(0, min - air) : min - air, max + air];
}

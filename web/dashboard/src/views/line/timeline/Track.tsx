/** One machine's states as a band: a low bar runs, everything else fills the row, each state with a pattern of its own. */
import { memo, useMemo } from 'react';
import { type Cell, cellsOf } from './cells';
import type { Part, PlannedStop, ShiftSpan } from './data';
import type { Range } from './scale';

/** What runs is this part of the row high. */
const LOW = 0.32;
/** A mark on a stop that nobody explained needs this much room. */
const MARK_PX = 7;

type TrackProps = { parts: readonly Part[]; view: Range; width: number; height: number; now: number; planned: readonly PlannedStop[]; shifts: readonly ShiftSpan[]; ticks: readonly number[]; picked: Part | undefined; selected: string | null };

export const Track = memo(function Track({ parts, view, width, height, now, planned, shifts, ticks, picked, selected }: TrackProps) {
  const cells = useMemo(() => cellsOf(parts, view, width, now), [parts, view, width, now]);
  const x = (at: number) => ((at - view.from) / (view.to - view.from)) * width;
  const chosen = parts.filter(({ stop }) => stop !== undefined && stop === selected);
  return (
    <svg className="tl-svg" width={width} height={height} aria-hidden="true" focusable="false">
      {planned.map(({ name, from, to }) => <rect key={`${name}${from}`} className="tl-planned" x={x(from)} width={Math.max(0, x(to) - x(from))} height={height} />)}
      {ticks.map((at) => <line key={at} className="tl-grid" x1={x(at)} x2={x(at)} y2={height} />)}
      {cells.map((cell) => <CellShape key={cell.index} cell={cell} height={height} explained={parts[cell.index]?.explained ?? true} />)}
      {shifts.map(({ name, from }) => <line key={`${name}${from}`} className="tl-bound" x1={x(from)} x2={x(from)} y2={height} />)}
      {chosen.map((part) => <Frame key={part.from} className="tl-chosen" part={part} x={x} now={now} height={height} />)}
      {picked !== undefined && <Frame className="tl-picked" part={picked} x={x} now={now} height={height} />}
      {now > view.from && now < view.to && <line className="tl-now" x1={x(now)} x2={x(now)} y2={height} />}
    </svg>
  );
});

const CellShape = memo(
  function CellShape({ cell: { x, width, state }, height, explained }: { cell: Cell; height: number; explained: boolean }) {
    const low = Math.round(height * LOW);
    if (state === 'running') return <rect className="tl-cell" data-state="running" x={x} width={width} y={height - low} height={low} />;
    return (
      <>
        <rect className="tl-cell" data-state={state} x={x} width={width} height={height} />
        {!explained && width >= MARK_PX && <path className="tl-mark" d={`M${x + width / 2 - MARK_PX / 2} 0h${MARK_PX}l${-MARK_PX / 2} ${MARK_PX}z`} />}
      </>
    );
  },
  (a, b) => a.explained === b.explained && a.height === b.height && a.cell.x === b.cell.x && a.cell.width === b.cell.width && a.cell.state === b.cell.state,
);

function Frame({ part: { from, to }, x, now, height, className }: { part: Part; x: (at: number) => number; now: number; height: number; className: string }) {
  const [left, right] = [x(from), x(to ?? now)];
  return <rect className={className} x={left - 1.5} y={1.5} width={Math.max(4, right - left + 3)} height={height - 3} />;
}

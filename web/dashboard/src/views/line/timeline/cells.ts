/** What is drawn of a machine's states: parts that are too short to be seen are drawn together, but a stop never vanishes. */
import type { LineStatus } from '../../../vocabulary';
import type { Segment } from './data';
import type { Range } from './scale';

/** A rectangle of a row; `x` and `width` in pixels, `index` that of the first state in it. */
export type Cell = { x: number; width: number; state: LineStatus; index: number; count: number };

/** Narrower than this nothing can be told from anything else. */
export const MIN_PX = 2;

/** Of several states in the same two pixels, the one that a supervisor must not miss; of the same rank the longest. */
const RANK: Record<LineStatus, number> = { down: 4, maintenance: 3, setup: 2, idle: 2, offline: 1, unknown: 1, running: 0 };

export function cellsOf(states: readonly Segment[], view: Range, widthPx: number, now: number): Cell[] {
  const scale = widthPx / (view.to - view.from);
  const cells: Cell[] = [];
  let open: (Cell & { longest: number }) | null = null;
  const flush = () => {
    if (open === null) return;
    const { x, width, state, index, count } = open;
    cells.push({ x, width: Math.max(MIN_PX, width), state, index, count });
    open = null;
  };
  states.forEach((segment, index) => {
    const [from, to] = [Math.max(segment.from, view.from), Math.min(segment.to ?? now, view.to)];
    if (to <= from) return;
    const x = (from - view.from) * scale;
    const width = (to - from) * scale;
    const small = width < MIN_PX;
    if (open !== null && (!small || x + width - open.x > MIN_PX)) flush();
    if (!small) cells.push({ x, width, state: segment.state, index, count: 1 });
    else if (open === null) open = { x, width, state: segment.state, index, count: 1, longest: width };
    else open = joined(open, segment.state, x + width - open.x, width, index);
  });
  flush();
  return cells;
}

function joined(cell: Cell & { longest: number }, state: LineStatus, total: number, width: number, index: number): Cell & { longest: number } {
  const wins = RANK[state] > RANK[cell.state] || (RANK[state] === RANK[cell.state] && width > cell.longest);
  return { ...cell, width: total, count: cell.count + 1, ...(wins ? { state, index, longest: width } : {}) };
}

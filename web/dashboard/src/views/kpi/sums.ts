/** Buckets added up, and the indicators of a sum (ISO 22400-2): a mean of ratios would be wrong, so inputs are added. */
import type { Inputs, Piece } from './data';

export type Ratios = Pick<Piece, 'oee' | 'availability' | 'effectiveness' | 'quality'>;

const NOTHING: Required<Omit<Inputs, 'target'>> = {
  planned_ms: 0, planned_stop_ms: 0, planned_busy_ms: 0, running_ms: 0, overtime_ms: 0, idle_ms: 0, setup_ms: 0, down_ms: 0,
  maintenance_ms: 0, unknown_ms: 0, planned_run_ms: 0, good: 0, scrap: 0, produced: 0,
};

/** Sums of decimals have at most 3 decimals, whatever binary fractions make of them. */
function tidy(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function plus(a: Inputs, b: Inputs): Inputs {
  const target = a.target === undefined && b.target === undefined ? {} : { target: tidy((a.target ?? 0) + (b.target ?? 0)) };
  const keys = Object.keys(NOTHING) as (keyof typeof NOTHING)[];
  return { ...NOTHING, ...Object.fromEntries(keys.map((key) => [key, tidy(a[key] + b[key])])), ...target };
}

/** What of a whole; undefined where there is no whole, never 0. */
function share(part: number, whole: number): number | undefined {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : undefined;
}

/** The indicators of inputs. `timed`: what was made has a planned run time, also where nothing was made. */
export function ratiosOf({ running_ms, planned_busy_ms, planned_run_ms, good, produced }: Inputs, timed: boolean): Ratios {
  const availability = share(running_ms, planned_busy_ms);
  const effectiveness = planned_run_ms > 0 || (timed && produced === 0) ? share(planned_run_ms, running_ms) : undefined;
  const quality = share(good, produced);
  const known = { availability, effectiveness, quality };
  const oee = availability === undefined || effectiveness === undefined || quality === undefined ? undefined : availability * effectiveness * quality;
  return Object.fromEntries(Object.entries({ oee, ...known }).filter(([, value]) => value !== undefined));
}

/** All buckets of a line as one; null where there are none. */
export function totalOf(pieces: readonly Piece[]): Piece | null {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) return null;
  const inputs = pieces.reduce<Inputs>((sum, piece) => plus(sum, piece.inputs), NOTHING);
  const timed = pieces.some(({ effectiveness }) => effectiveness !== undefined);
  return { line: first.line, from: first.from, to: last.to, inputs, ...ratiosOf(inputs, timed) };
}

/** Every line with its sum and its buckets, the lowest OEE first; those of which it is not known come last. */
export type Compared = { line: string; total: Piece; pieces: readonly Piece[] };

export function compare(pieces: readonly Piece[]): Compared[] {
  const lines = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const own = lines.get(piece.line);
    if (own === undefined) lines.set(piece.line, [piece]);
    else own.push(piece);
  }
  return [...lines]
    .flatMap(([line, own]) => {
      const total = totalOf(own);
      return total === null ? [] : [{ line, total, pieces: own }];
    })
    .sort((a, b) => (a.total.oee ?? 2) - (b.total.oee ?? 2) || (a.line < b.line ? -1 : 1));
}

/** The tables that are saved as CSV: one heading a column with its unit, numbers as they are, times local with offset. */
import type { TFunction } from 'i18next';
import type { Cell } from './csv';
import type { Inputs, LineName, Piece } from './data';
import { localIso } from './span';
import type { Step } from './waterfall';

export type Table = { headings: string[]; rows: Cell[][] };
type About = { site: string; lines: readonly LineName[]; timeZone: string | undefined; now: number; t: TFunction };

const RATIOS = ['oee', 'availability', 'effectiveness', 'quality'] as const;
const TIMES = ['planned_ms', 'planned_stop_ms', 'unknown_ms', 'overtime_ms', 'planned_busy_ms', 'running_ms', 'idle_ms', 'setup_ms', 'down_ms', 'maintenance_ms', 'planned_run_ms'] as const satisfies readonly (keyof Inputs)[];
const QUANTITIES = ['good', 'scrap', 'produced', 'target'] as const satisfies readonly (keyof Inputs)[];

/** A ratio in percent, as exact as the hub tells it. */
const percent = (ratio: number | undefined): Cell => (ratio === undefined ? undefined : Math.round(ratio * 10_000) / 100);
const seconds = (ms: number): Cell => ms / 1_000;

export function pieceTable(pieces: readonly Piece[], { site, lines, timeZone, now, t }: About): Table {
  const headings = [
    t('kpi.column.site'), t('kpi.column.line'), t('kpi.column.name'), t('kpi.column.from'), t('kpi.column.to'), t('kpi.column.shift'), t('kpi.column.in_progress'),
    ...RATIOS.map((key) => t(`kpi.column.${key}`)),
    ...TIMES.map((key) => t('kpi.column.time', { name: t(`kpi.input.${key}`) })),
    ...QUANTITIES.map((key) => t('kpi.column.quantity', { name: t(`kpi.input.${key}`) })),
  ];
  const rows = pieces.map((piece): Cell[] => [
    site, piece.line, lines.find(({ code }) => code === piece.line)?.name ?? piece.line, localIso(piece.from, timeZone), localIso(piece.to, timeZone), piece.shift, piece.to > now ? 1 : 0,
    ...RATIOS.map((key) => percent(piece[key])),
    ...TIMES.map((key) => seconds(piece.inputs[key])),
    ...QUANTITIES.map((key) => piece.inputs[key]),
  ]);
  return { headings, rows };
}

/** The steps of the waterfall; `busyMs` is what the shares are of. */
export function lossTable(steps: readonly Step[], busyMs: number, t: TFunction, nameOf: (step: Step) => string): Table {
  const headings = (['kind', 'state', 'reason', 'reason_name', 'duration', 'stops', 'share'] as const).map((key) => t(`kpi.column.${key}`));
  const rows = steps.map((step): Cell[] => [step.kind, step.state, step.reason, nameOf(step), seconds(step.durationMs), step.kind === 'stop' ? step.count : undefined, busyMs > 0 ? percent(step.durationMs / busyMs) : undefined]);
  return { headings, rows };
}

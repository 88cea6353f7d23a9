/** Which line needs a person most: the order of the tiles, their colour, and the groups of the filter. */
import { type Andon, SEVERITIES, toneOf } from '../../vocabulary';
import type { AlertCounts, Line } from './site';

/** In order of need. */
export const GROUPS = ['down', 'alerts', 'stopped', 'unknown', 'planned', 'running'] as const;
export type Group = (typeof GROUPS)[number];
/** `calm`: it stands because it is meant to, so it has no colour at all. */
export type Tone = Andon | 'calm';

export function totalAlerts(alerts: AlertCounts): number {
  return SEVERITIES.reduce((sum, severity) => sum + alerts[severity], 0);
}

/**
 * A line that stands as the calendar wants it needs nobody; one that is out of contact or has a machine that is down does, whatever
 * the calendar says.
 */
export function standsByPlan(line: Line): boolean {
  if (line.andon === 'red') return false;
  if (line.status !== 'idle' && line.status !== 'setup' && line.status !== 'maintenance') return false;
  return line.planned_stop !== undefined || (line.shift === undefined && line.status === 'idle');
}

export function groupOf(line: Line): Group {
  if (line.status === 'down') return 'down';
  if (tileTone(line) === 'calm') return 'planned';
  if (totalAlerts(line.alerts) > 0) return 'alerts';
  switch (line.status) {
    case 'idle':
    case 'setup':
    case 'maintenance':
      return 'stopped';
    case 'offline':
    case 'unknown':
      return 'unknown';
    case 'running':
      return 'running';
  }
}

/** The Andon colour, but for a line that stands by plan and has no alert that would colour it all the same. */
export function tileTone(line: Line): Tone {
  const { critical, high, medium } = line.alerts;
  return standsByPlan(line) && critical + high + medium === 0 ? 'calm' : toneOf(line);
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** Most needy first: group, then graver alerts, then the longer stop, then the name, so that the order is stable. */
export function byNeed(lines: readonly Line[]): Line[] {
  const ranked = lines.map((line) => {
    const group = groupOf(line);
    // A line that makes parts while another of its machines stands comes before one where all is well.
    const colour = group === 'running' && toneOf(line) !== 'green' ? 0 : 1;
    return { line, rank: GROUPS.indexOf(group), colour, since: group === 'running' || group === 'planned' ? 0 : (line.since ?? Infinity) };
  });
  ranked.sort(
    (a, b) =>
      a.rank - b.rank ||
      a.colour - b.colour ||
      compareAlerts(a.line.alerts, b.line.alerts) ||
      compareNumbers(a.since, b.since) ||
      byName.compare(a.line.name, b.line.name) ||
      byName.compare(a.line.code, b.line.code),
  );
  return ranked.map(({ line }) => line);
}

/** Unlike a difference, it also orders what is infinite. */
function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareAlerts(a: AlertCounts, b: AlertCounts): number {
  for (const severity of SEVERITIES) if (a[severity] !== b[severity]) return b[severity] - a[severity];
  return 0;
}

/** Whether the line is in the group and one of its names contains the text. */
export function matches(line: Line, group: Group | 'all', text: string): boolean {
  if (group !== 'all' && groupOf(line) !== group) return false;
  const wanted = fold(text);
  return wanted === '' || [line.name, line.code, line.order?.code, line.order?.article, line.reason, line.reason_name].some((name) => name !== undefined && fold(name).includes(wanted));
}

/** Accents and case do not matter when searching. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase().trim();
}

/** Which line needs a person most: the order of the tiles, their colour, and the groups of the filter. */
import { SEVERITIES } from '../../vocabulary';
import type { AlertCounts, Line } from './site';

/** In order of need. */
export const GROUPS = ['down', 'alerts', 'stopped', 'unknown', 'running'] as const;
export type Group = (typeof GROUPS)[number];

export function totalAlerts(alerts: AlertCounts): number {
  return SEVERITIES.reduce((sum, severity) => sum + alerts[severity], 0);
}

export function groupOf(line: Line): Group {
  if (line.status === 'down') return 'down';
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

const byName = new Intl.Collator(undefined, { numeric: true });

/** Most needy first: group, then graver alerts, then the longer stop, then the name, so that the order is stable. */
export function byNeed(lines: readonly Line[]): Line[] {
  return [...lines].sort(
    (a, b) =>
      GROUPS.indexOf(groupOf(a)) - GROUPS.indexOf(groupOf(b)) ||
      compareAlerts(a.alerts, b.alerts) ||
      (groupOf(a) === 'running' ? 0 : (a.since ?? Infinity) - (b.since ?? Infinity) || 0) ||
      byName.compare(a.name, b.name) ||
      byName.compare(a.code, b.code),
  );
}

function compareAlerts(a: AlertCounts, b: AlertCounts): number {
  for (const severity of SEVERITIES) if (a[severity] !== b[severity]) return b[severity] - a[severity];
  return 0;
}

/** Whether the line is in the group and one of its names contains the text. */
export function matches(line: Line, group: Group | 'all', text: string): boolean {
  if (group !== 'all' && groupOf(line) !== group) return false;
  const wanted = fold(text);
  return wanted === '' || [line.name, line.code, line.order?.code, line.order?.article, line.reason].some((name) => name !== undefined && fold(name).includes(wanted));
}

/** Accents and case do not matter when searching. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase().trim();
}

/** Alerts as the live topics give them: their shape, and which needs a person first. */
import { reads, type Schemas } from '../api/types';
import { collectionReader, instant } from '../api/wire';
import type { JsonObject } from '../live/merge';
import { SEVERITIES, type Severity } from '../vocabulary';
import { z } from '../zod';

export const ALERT_STATES = ['raised', 'acknowledged', 'cleared'] as const;

/** The alerts of a line have fewer members than those of a site or the tenant. */
const alertData = reads<Schemas['LiveAlert'] | Schemas['LineAlert']>()(z.object({
  // What a newer hub calls otherwise is shown as grave rather than overlooked.
  severity: z.enum(SEVERITIES).catch('high'),
  state: z.enum(ALERT_STATES).catch('raised'),
  rule: z.string().catch(''),
  text: z.string().catch(''),
  raised_at: instant.optional().catch(undefined),
  site: z.string().optional().catch(undefined),
  line: z.string().optional().catch(undefined),
  machine: z.string().optional().catch(undefined),
  acked_at: instant.optional().catch(undefined),
  acked_by: z.string().optional().catch(undefined),
  cleared_at: instant.optional().catch(undefined),
}));

export type Alert = z.infer<typeof alertData> & { id: string };

const readCollection = collectionReader<Alert>((id, data) => ({ ...alertData.parse(data), id }));

/** The member `alerts` of a topic's data, in the order of need. */
export function readAlerts(data: JsonObject): Alert[] {
  return byNeed(readCollection(data['alerts']));
}

/** An alert waits for an acknowledgement unless it has one; cleared ones leave with it. */
export function awaitsAck(alert: Alert): boolean {
  return alert.state !== 'acknowledged' && alert.acked_at === undefined;
}

/** Raised before acknowledged before cleared, then the graver, then the older; the rest keeps the order stable. */
export function byNeed(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort(
    (a, b) =>
      ALERT_STATES.indexOf(a.state) - ALERT_STATES.indexOf(b.state) ||
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      compareTimes(a.raised_at, b.raised_at) ||
      (a.id < b.id ? -1 : 1),
  );
}

/** What has no time comes last. */
function compareTimes(a: number | undefined, b: number | undefined): number {
  return a === b ? 0 : (a ?? Infinity) - (b ?? Infinity);
}

/** How many of each severity are not settled. */
export function countBySeverity(alerts: readonly Alert[]): Record<Severity, number> {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 };
  for (const { severity } of alerts) counts[severity] += 1;
  return counts;
}

/** The data of topic `site/{site}`: its shape, checked piece by piece, and read again only where something changed. */
import { instant, quantity, ratio } from '../../api/wire';
import { isJsonObject, type JsonObject, type JsonValue } from '../../live/merge';
import { ANDON, STATES } from '../../vocabulary';
import { z } from '../../zod';

const count = z.int().min(0).default(0);

const alertCounts = z.object({ critical: count, high: count, medium: count, low: count });
const machineCounts = z.object({ running: count, idle: count, setup: count, down: count, maintenance: count, offline: count });

const order = z.object({
  code: z.string(),
  article: z.string().optional(),
  quantity: quantity.optional(),
  good: quantity.optional(),
  scrap: quantity.optional(),
  progress_ratio: ratio.optional(),
  expected_end: instant.optional(),
  due: instant.optional().catch(undefined),
});

const shift = z.object({
  name: z.string().optional(),
  oee: ratio.optional(),
  good: quantity.optional(),
  scrap: quantity.optional(),
  target: quantity.optional(),
});

const plannedStop = z.object({ name: z.string(), to: instant.optional().catch(undefined) });

const basics = z.object({
  name: z.string().optional(),
  status: z.enum(STATES).or(z.literal('unknown')).catch('unknown').default('unknown'),
  andon: z.enum(ANDON).optional().catch(undefined),
  since: instant.optional(),
  reason: z.string().optional(),
  /** What the line calls the reason. */
  reason_name: z.string().optional().catch(undefined),
});

export type AlertCounts = z.infer<typeof alertCounts>;
export type MachineCounts = z.infer<typeof machineCounts>;
export type Order = z.infer<typeof order>;
export type Shift = z.infer<typeof shift>;
export type PlannedStop = z.infer<typeof plannedStop>;
export type Line = Omit<z.infer<typeof basics>, 'name'> & {
  code: string;
  name: string;
  order: Order | undefined;
  /** Absent while no shift is on. */
  shift: Shift | undefined;
  planned_stop: PlannedStop | undefined;
  machines: MachineCounts;
  alerts: AlertCounts;
};

const siteHead = z.object({ code: z.string(), name: z.string().optional(), time_zone: z.string().optional() });
export type SiteHead = z.infer<typeof siteHead>;
export type SiteOverview = { site: SiteHead | null; lines: readonly Line[]; alerts: AlertCounts };

const NO_ALERTS = alertCounts.parse({});
const NO_MACHINES = machineCounts.parse({});

// What did not change keeps its identity in the live store, so it is read once and its part of the tile does not paint again.
const readLines = new WeakMap<JsonObject, Line>();
const readOrder = pieceReader(order);
const readShift = pieceReader(shift);
const readPlannedStop = pieceReader(plannedStop);
const readMachines = pieceReader(machineCounts);
const readAlerts = pieceReader(alertCounts);
const readHead = pieceReader(siteHead);

/** Reads the copy. What cannot be read of a line is shown as unknown, never guessed. */
export function readSite(data: JsonObject): SiteOverview {
  const lines = isJsonObject(data['lines']) ? Object.entries(data['lines']) : [];
  return {
    site: readHead(data['site'], 'site') ?? null,
    lines: lines.map(([code, line]) => readLine(code, line)),
    alerts: readAlerts(data['alerts'], 'site') ?? NO_ALERTS,
  };
}

function readLine(code: string, data: JsonValue): Line {
  if (!isJsonObject(data)) return { code, ...unknownLine, name: code };
  const known = readLines.get(data);
  if (known !== undefined) return known;
  const parsed = basics.safeParse(data);
  if (!parsed.success) console.warn('line data not understood', code, z.prettifyError(parsed.error));
  const line: Line = {
    ...(parsed.success ? parsed.data : unknownLine),
    code,
    name: typeof data['name'] === 'string' ? data['name'] : code,
    order: readOrder(data['order'], code),
    shift: readShift(data['shift'], code),
    planned_stop: readPlannedStop(data['planned_stop'], code),
    machines: readMachines(data['machines'], code) ?? NO_MACHINES,
    alerts: readAlerts(data['alerts'], code) ?? NO_ALERTS,
  };
  readLines.set(data, line);
  return line;
}

const unknownLine = { ...basics.parse({}), order: undefined, shift: undefined, planned_stop: undefined, machines: NO_MACHINES, alerts: NO_ALERTS };

/** Reads a part of a line; undefined where it is absent or not understood. */
function pieceReader<T>(schema: z.ZodType<T>): (data: JsonValue | undefined, of: string) => T | undefined {
  const known = new WeakMap<JsonObject, { value: T | undefined }>();
  return (data, of) => {
    if (!isJsonObject(data)) return undefined;
    const before = known.get(data);
    if (before !== undefined) return before.value;
    const parsed = schema.safeParse(data);
    if (!parsed.success) console.warn('line data not understood', of, z.prettifyError(parsed.error));
    const value = parsed.success ? parsed.data : undefined;
    known.set(data, { value });
    return value;
  };
}

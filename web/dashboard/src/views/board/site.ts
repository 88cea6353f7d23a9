/** The data of topic `site/{site}`: its shape, checked line by line, and read again only where something changed. */
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
});

const shift = z.object({
  name: z.string().optional(),
  oee: ratio.optional(),
  good: quantity.optional(),
  scrap: quantity.optional(),
  target: quantity.optional(),
});

const lineData = z.object({
  name: z.string().optional(),
  status: z.enum(STATES).or(z.literal('unknown')).catch('unknown').default('unknown'),
  andon: z.enum(ANDON).optional().catch(undefined),
  since: instant.optional(),
  reason: z.string().optional(),
  order: order.optional(),
  shift: shift.default({}),
  machines: machineCounts.default(machineCounts.parse({})),
  alerts: alertCounts.default(alertCounts.parse({})),
});

export type AlertCounts = z.infer<typeof alertCounts>;
export type Line = Omit<z.infer<typeof lineData>, 'name'> & { code: string; name: string };

const siteHead = z.object({ code: z.string(), name: z.string().optional(), time_zone: z.string().optional() });
export type SiteHead = z.infer<typeof siteHead>;
export type SiteOverview = { site: SiteHead | null; lines: readonly Line[]; alerts: AlertCounts };

// An unchanged line keeps its identity in the live store, so it is read once and its tile does not paint again.
const readLines = new WeakMap<JsonObject, Line>();

/** Reads the copy. What cannot be read of a line is shown as unknown, never guessed. */
export function readSite(data: JsonObject): SiteOverview {
  const head = siteHead.safeParse(data['site']);
  const alerts = alertCounts.safeParse(data['alerts'] ?? {});
  const lines = isJsonObject(data['lines']) ? Object.entries(data['lines']) : [];
  return {
    site: head.success ? head.data : null,
    lines: lines.map(([code, line]) => readLine(code, line)),
    alerts: alerts.success ? alerts.data : alertCounts.parse({}),
  };
}

function readLine(code: string, data: JsonValue): Line {
  if (!isJsonObject(data)) return { code, ...lineData.parse({}), name: code };
  const known = readLines.get(data);
  if (known !== undefined) return known;
  const parsed = lineData.safeParse(data);
  if (!parsed.success) console.warn('line data not understood', code, z.prettifyError(parsed.error));
  const name = typeof data['name'] === 'string' ? data['name'] : code;
  const line = { ...(parsed.success ? parsed.data : lineData.parse({})), code, name };
  readLines.set(data, line);
  return line;
}

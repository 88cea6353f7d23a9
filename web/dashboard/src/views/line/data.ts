/** The data of topic `line/{site}/{line}`: its shape, checked piece by piece, so that one bad piece does not hide the rest. */
import { type Alert, readAlerts } from '../../alerts/alert';
import { collectionReader, instant, quantity, ratio } from '../../api/wire';
import { isJsonObject, type JsonObject } from '../../live/merge';
import { ANDON, type LineStatus, STATES } from '../../vocabulary';
import { z } from '../../zod';

const state = z.enum(STATES).or(z.literal('unknown')).catch('unknown').default('unknown');

const head = z.object({
  code: z.string().optional(),
  name: z.string().optional(),
  status: state,
  andon: z.enum(ANDON).optional().catch(undefined),
  planned_stop: z.object({ name: z.string(), to: instant.optional().catch(undefined) }).optional().catch(undefined),
});
export type Head = z.infer<typeof head>;

const measure = z.object({ value: z.union([z.number(), z.boolean(), z.string()]), at: instant.optional().catch(undefined) });
export type Measure = z.infer<typeof measure> & { name: string };

const machine = z.object({
  name: z.string().optional().catch(undefined),
  state,
  since: instant.optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
  quality: z.enum(['good', 'stale', 'unknown']).catch('unknown').default('unknown'),
  clock_skew: z.boolean().catch(false).default(false),
  good: quantity.optional().catch(undefined),
  scrap: quantity.optional().catch(undefined),
});
export type Machine = Omit<z.infer<typeof machine>, 'name'> & { code: string; name: string; measures: readonly Measure[]; heardAt: number | undefined };

const order = z.object({
  code: z.string(),
  article: z.string().optional(),
  quantity: quantity.optional(),
  good: quantity.optional(),
  scrap: quantity.optional(),
  started_at: instant.optional(),
  expected_end: instant.optional(),
});
export type Order = z.infer<typeof order>;

const shift = z.object({
  name: z.string().optional(),
  from: instant.optional(),
  to: instant.optional(),
  oee: ratio.optional(),
  availability: ratio.optional(),
  effectiveness: ratio.optional(),
  quality: ratio.optional(),
  target: quantity.optional(),
  good: quantity.optional(),
  scrap: quantity.optional(),
});
export type Shift = z.infer<typeof shift>;

const stop = z.object({ machine: z.string(), state, reason: z.string().optional(), comment: z.string().optional(), from: instant, to: instant.optional() });
export type Stop = z.infer<typeof stop> & { id: string };

export type LineData = {
  head: Head;
  machines: readonly Machine[];
  order: Order | null;
  shift: Shift | null;
  stops: readonly Stop[];
  alerts: readonly Alert[];
};

const readMeasures = collectionReader<Measure>((name, data) => checked(measure, data, name, (value) => ({ ...value, name })));
const readStops = collectionReader<Stop>((id, data) => checked(stop, data, id, (value) => ({ ...value, id })));

const readMachines = collectionReader<Machine>((code, data) => {
  const read = machine.parse(data);
  const measures = readMeasures(data['measures']).sort((a, b) => (a.name < b.name ? -1 : 1));
  const heard = [read.since, ...measures.map(({ at }) => at)].filter((at) => at !== undefined);
  return { ...read, code, name: read.name ?? code, measures, heardAt: heard.length === 0 ? undefined : Math.max(...heard) };
});

/** Reads the copy. What cannot be read is shown as unknown or left out with a warning, never guessed. */
export function readLine(data: JsonObject): LineData {
  return {
    head: checked(head, data['line'] ?? {}, 'line', (value) => value) ?? head.parse({}),
    machines: readMachines(data['machines']),
    order: isJsonObject(data['order']) ? checked(order, data['order'], 'order', (value) => value) : null,
    shift: isJsonObject(data['shift']) ? checked(shift, data['shift'], 'shift', (value) => value) : null,
    stops: readStops(data['stops']),
    alerts: readAlerts(data),
  };
}

function checked<T, R>(schema: z.ZodType<T>, data: unknown, what: string, as: (value: T) => R): R | null {
  const parsed = schema.safeParse(data);
  if (parsed.success) return as(parsed.data);
  console.warn('line data not understood', what, z.prettifyError(parsed.error));
  return null;
}

/** Since when the line is in its state: that of the one machine in it. With several it would be a guess. */
export function statusSince(status: LineStatus, machines: readonly Machine[]): number | undefined {
  const same = machines.filter((other) => other.state === status);
  return same.length === 1 ? same[0]?.since : undefined;
}

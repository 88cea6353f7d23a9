/** What was made hour by hour against the target, with the running hour brought up to date by the live totals of the shift. */
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { type Answer, reads, type Schemas } from '../../api/types';
import { instant, quantity } from '../../api/wire';
import { z } from '../../zod';
import type { Shift } from './data';
import type { Range } from './timeline/scale';

const number = quantity.transform(Number);
const bucket = reads<Schemas['OeeItem']>()(z.object({ from: instant, to: instant, inputs: z.object({ good: number.default(0), scrap: number.default(0), target: number.optional() }) }));
const page = reads<Answer<'/api/v1/kpi/oee', 'get'>>()(z.object({ items: z.array(bucket) }));
export type Bucket = z.infer<typeof bucket>;

const REFETCH_MS = 60_000;

/** The hours of a period; the running one is read again every minute. */
export function hoursQuery(api: Api, { site, line }: { site: string; line: string }, { from, to }: Range) {
  const query = new URLSearchParams({ site, line, from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucket: 'hour' });
  return queryOptions({
    queryKey: ['kpi-hours', site, line, from, to],
    refetchInterval: REFETCH_MS,
    queryFn: async ({ signal }) => (await api.get(`/kpi/oee?${query.toString()}`, page, signal)).items.sort((a, b) => a.from - b.from),
  });
}

export type Hour = { from: number; to: number; good: number; scrap: number; target: number | undefined; current: boolean };

/** The hours that have begun and in which something was made or could have been. The running one has what the shift made less what its other hours made, if that is more than was read. */
export function hoursOf(buckets: readonly Bucket[], shift: Pick<Shift, 'from' | 'to' | 'good' | 'scrap'> | null, now: number): Hour[] {
  const begun = buckets.filter(({ from }) => from <= now);
  const hours = begun.map(({ from, to, inputs }) => {
    const current = now < to;
    const others = begun.filter((other) => other.from !== from && shift?.from !== undefined && other.from >= shift.from);
    const live = (total: Shift['good'], read: number, of: (bucket: Bucket) => number) =>
      current && total !== undefined && shift?.from !== undefined && shift.from <= from ? Math.max(read, Number(total) - others.reduce((sum, other) => sum + of(other), 0)) : read;
    return {
      from,
      to,
      current,
      good: tidy(live(shift?.good, inputs.good, (other) => other.inputs.good)),
      scrap: tidy(live(shift?.scrap, inputs.scrap, (other) => other.inputs.scrap)),
      target: inputs.target,
    };
  });
  return hours.filter(({ good, scrap, target = 0, current }) => current || good > 0 || scrap > 0 || target > 0);
}

/** Sums of decimals have at most 3 decimals, whatever binary fractions make of them. */
function tidy(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

export type HourTotal = Pick<Hour, 'good' | 'scrap' | 'target'>;

export function totalOf(hours: readonly Hour[]): HourTotal {
  const targets = hours.flatMap(({ target }) => target ?? []);
  return {
    good: tidy(hours.reduce((sum, { good }) => sum + good, 0)),
    scrap: tidy(hours.reduce((sum, { scrap }) => sum + scrap, 0)),
    target: targets.length === 0 ? undefined : tidy(targets.reduce((sum, target) => sum + target, 0)),
  };
}

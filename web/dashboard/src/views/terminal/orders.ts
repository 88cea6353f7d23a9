/** The orders of a line as the operator means them: what the hub says, and the steps that were entered and have not shown yet. */
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { reads, type Answer, type Schemas } from '../../api/types';
import { instant, quantity } from '../../api/wire';
import type { OrderStep } from '../../outbox/entry';
import type { LineRef } from '../../stops/api';
import { z } from '../../zod';
import type { Order } from '../line/data';

const listed = reads<Schemas['Order']>()(z.object({
  code: z.string(),
  article: z.string(),
  quantity,
  good: quantity,
  scrap: quantity,
  state: z.enum(['created', 'released', 'running', 'paused', 'completed', 'cancelled']),
  priority: z.number().default(0),
  due: instant.optional(),
}));
export type ListedOrder = z.infer<typeof listed>;

const page = reads<Answer<'/api/v1/orders', 'get'>>()(z.object({ items: z.array(listed) }));
const STATES = ['paused', 'released'] as const;
/** More than an operator chooses from. */
const LIMIT = 30;

/** The orders that can be taken up: paused ones, and released ones, the most urgent first. */
export function ordersQuery(api: Api, { site, line }: LineRef) {
  return queryOptions({
    queryKey: ['orders', site, line],
    // Kept while the hub is away, however long that is.
    gcTime: Infinity,
    refetchInterval: 20_000,
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(STATES.map((state) => {
        const query = new URLSearchParams({ site, line, state, limit: String(LIMIT) });
        return api.get(`/orders?${query.toString()}`, page, signal);
      }));
      return pages.flatMap(({ items }) => items).sort(byUrgency);
    },
  });
}

export function byUrgency(a: ListedOrder, b: ListedOrder): number {
  return b.priority - a.priority || (a.due ?? Infinity) - (b.due ?? Infinity) || (a.code < b.code ? -1 : 1);
}

/** A step that was entered; `waits` until the hub has taken it. */
export type EnteredStep = { order: string; step: OrderStep; waits: boolean };

export type Slot = {
  code: string;
  article: string | undefined;
  quantity: string | number | undefined;
  good: string | number | undefined;
  scrap: string | number | undefined;
  state: 'running' | 'paused' | 'released';
  /** Whether it is so only by what was entered here. */
  waits: boolean;
};

export type LineOrders = { current: Slot | null; next: readonly Slot[] };

const AFTER: Record<OrderStep, 'running' | 'paused' | 'gone'> = { start: 'running', resume: 'running', pause: 'paused', complete: 'gone' };

/** `running` is what the line says; `orders` those that can be taken up; `steps` in the order of entry. */
export function lineOrders(running: Order | null, orders: readonly ListedOrder[], steps: readonly EnteredStep[]): LineOrders {
  const slots = new Map<string, Slot>();
  for (const order of orders) {
    if (order.state === 'paused' || order.state === 'released') slots.set(order.code, { ...order, state: order.state, waits: false });
  }
  if (running !== null) slots.set(running.code, { ...slots.get(running.code), ...figuresOf(running), state: 'running', waits: false });
  for (const { order, step, waits } of steps) {
    const known = slots.get(order) ?? { code: order, article: undefined, quantity: undefined, good: undefined, scrap: undefined, state: 'released', waits: false };
    const after = AFTER[step];
    if (after === 'gone') slots.delete(order);
    else slots.set(order, { ...known, state: after, waits: known.waits || waits });
  }
  const all = [...slots.values()];
  const current = all.find(({ state }) => state === 'running') ?? all.find(({ state }) => state === 'paused') ?? null;
  const next = all.filter((slot) => slot !== current);
  return { current, next: [...next.filter(({ state }) => state === 'paused'), ...next.filter(({ state }) => state === 'released')] };
}

function figuresOf({ code, article, quantity: ordered, good, scrap }: Order) {
  return { code, article, quantity: ordered, good, scrap };
}

/** Orders of a line by REST: the running one against its plan, those that could run next, and the steps of their life. */
import { queryOptions } from '@tanstack/react-query';
import type { Api } from '../../api/client';
import { type Answer, reads, type Schemas } from '../../api/types';
import { instant, quantity } from '../../api/wire';
import { z } from '../../zod';
import type { Order } from './data';

const planned = reads<Schemas['Order']>()(z.object({
  code: z.string(),
  article: z.string().optional(),
  quantity: quantity.optional(),
  good: quantity.optional(),
  state: z.enum(['created', 'released', 'running', 'paused', 'completed', 'cancelled']),
  priority: z.number().default(0),
  due: instant.optional(),
  started_at: instant.optional(),
}));
export type PlannedOrder = z.infer<typeof planned>;
const page = reads<Answer<'/api/v1/orders', 'get'>>()(z.object({ items: z.array(planned) }));

export const ORDER_ACTIONS = ['start', 'pause', 'resume', 'complete'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

/** Who may start, pause, resume and complete; the hub decides in the end. */
export const ORDER_ROLES: readonly string[] = ['operator', 'supervisor', 'admin'];

const REFETCH_MS = 30_000;
const PAGE_SIZE = 200;

export function ordersKey(site: string, line: string) {
  return ['orders', site, line] as const;
}

/** The orders of a line that wait: paused ones, which are nearest to running, then released ones, the most urgent first; read again when another one runs. */
export function waitingQuery(api: Api, { site, line }: { site: string; line: string }, running: string | undefined) {
  const path = (state: string) => `/orders?${new URLSearchParams({ site, line, state, limit: String(PAGE_SIZE) }).toString()}`;
  return queryOptions({
    queryKey: [...ordersKey(site, line), 'waiting', running ?? ''],
    refetchInterval: REFETCH_MS,
    queryFn: async ({ signal }): Promise<readonly PlannedOrder[]> => {
      const [paused, released] = await Promise.all([api.get(path('paused'), page, signal), api.get(path('released'), page, signal)]);
      return [...paused.items.sort(byUrgency), ...released.items.sort(byUrgency)];
    },
  });
}

/** One order as it is planned: what the live topic does not say is when it is due. */
export function orderQuery(api: Api, { site, line }: { site: string; line: string }, code: string) {
  return queryOptions({ queryKey: [...ordersKey(site, line), 'one', code], refetchInterval: REFETCH_MS, queryFn: ({ signal }) => api.get(`/orders/${encodeURIComponent(code)}`, planned, signal) });
}

export function moveOrder(api: Api, code: string, action: OrderAction, key: string): Promise<PlannedOrder> {
  return api.post(`/orders/${encodeURIComponent(code)}/${action}`, {}, planned, key);
}

/** The higher priority first, then the earlier due date; what is not due is not urgent. */
export function byUrgency(a: PlannedOrder, b: PlannedOrder): number {
  return b.priority - a.priority || (a.due ?? Infinity) - (b.due ?? Infinity) || (a.code < b.code ? -1 : 1);
}

/** How an order stands against its plan. `share`: how far it should be by now; `lateMs`: how long after the due date it is expected to end. */
export type Standing = { share: number | undefined; lateMs: number | undefined };

/** The plan is that an order goes from nothing to everything between its start and its due date, at one pace. */
export function standingOf(order: Pick<Order, 'started_at' | 'expected_end'>, due: number | undefined, now: number): Standing {
  if (due === undefined) return { share: undefined, lateMs: undefined };
  const { started_at: start, expected_end: end } = order;
  const share = start === undefined || due <= start ? undefined : Math.min(1, Math.max(0, (now - start) / (due - start)));
  // Past its date an order is late by now at least, whatever its pace says.
  const expected = end === undefined ? (now > due ? now : undefined) : Math.max(end, now);
  return { share, lateMs: expected === undefined ? undefined : expected - due };
}

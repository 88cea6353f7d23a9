/** How far an order is. */
import type { Line } from './site';

/** The hub's ratio, else good over quantity; undefined where neither is known. */
export function progressOf(order: NonNullable<Line['order']>): number | undefined {
  if (order.progress_ratio !== undefined) return order.progress_ratio;
  const [good, quantity] = [Number(order.good), Number(order.quantity)];
  return quantity > 0 && good >= 0 ? good / quantity : undefined;
}

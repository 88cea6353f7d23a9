/** How far an order is, as a bar that also says it. */
import { useTranslation } from 'react-i18next';
import type { Quantity } from '../format/format';
import { useFormats } from './hooks';

export type OrderFigures = { code: string; quantity?: Quantity | undefined; good?: Quantity | undefined; progress_ratio?: number | undefined };

/** The hub's ratio, else good over quantity; undefined where neither is known. */
export function progressOf(order: OrderFigures): number | undefined {
  if (order.progress_ratio !== undefined) return order.progress_ratio;
  const [good, quantity] = [Number(order.good), Number(order.quantity)];
  return quantity > 0 && good >= 0 ? good / quantity : undefined;
}

export function ProgressBar({ order }: { order: OrderFigures }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const progress = progressOf(order);
  const percent = progress === undefined ? undefined : Math.round(Math.min(1, Math.max(0, progress)) * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={t('board.progress', { order: order.code })}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${formats.quantity(order.good)} / ${formats.quantity(order.quantity)}`}
    >
      <div style={{ inlineSize: `${percent ?? 0}%` }} />
    </div>
  );
}

/** What stands above the machines: time axis, shifts with their planned stops, and the orders that ran. */
import { useTranslation } from 'react-i18next';
import type { Formats } from '../../../format/format';
import type { OrderSpan, PlannedStop, ShiftSpan } from './data';
import type { Range } from './scale';

type Place = { left: string; width: string };

/** Where a span lies in the view, in percent; null outside of it. */
function placed({ from, to }: { from: number; to: number | null }, view: Range, now: number): Place | null {
  const span = view.to - view.from;
  const [begin, end] = [Math.max(from, view.from), Math.min(to ?? now, view.to)];
  return end <= begin ? null : { left: `${((begin - view.from) / span) * 100}%`, width: `${((end - begin) / span) * 100}%` };
}

export function Axis({ ticks, view, formats }: { ticks: readonly number[]; view: Range; formats: Formats }) {
  return (
    <div className="tl-axis" aria-hidden="true">
      {ticks.map((at) => <span key={at} style={{ left: `${((at - view.from) / (view.to - view.from)) * 100}%` }}>{formats.clock(at)}</span>)}
    </div>
  );
}

type BandProps = { view: Range; now: number; formats: Formats };

export function ShiftBand({ shifts, planned, view, now, formats }: BandProps & { shifts: readonly ShiftSpan[]; planned: readonly PlannedStop[] }) {
  const { t } = useTranslation();
  const spanOf = ({ from, to }: { from: number; to: number }) => `${formats.clock(from)} – ${formats.clock(to)}`;
  return (
    <ul className="tl-band" aria-label={t('line.shifts')}>
      {shifts.map((shift) => {
        const place = placed(shift, view, now);
        return place !== null && <li key={shift.from} className="tl-shift" style={place} title={`${shift.name} ${spanOf(shift)}`}><span>{shift.name} <span className="sr-only">{spanOf(shift)}</span></span></li>;
      })}
      {planned.map((stop) => {
        const place = placed(stop, view, now);
        return place !== null && <li key={`${stop.name}${stop.from}`} className="tl-pause" style={place} title={t('line.plannedStop', { name: stop.name, span: spanOf(stop) })}><span className="sr-only">{t('line.plannedStop', { name: stop.name, span: spanOf(stop) })}</span></li>;
      })}
    </ul>
  );
}

export function OrderBand({ orders, view, now, formats }: BandProps & { orders: readonly OrderSpan[] }) {
  const { t } = useTranslation();
  return (
    <ul className="tl-band" aria-label={t('line.orders')}>
      {orders.map((order) => {
        const place = placed(order, view, now);
        const text = [order.code, order.article, `${formats.clock(order.from)} – ${order.to === null ? t('stops.lasting') : formats.clock(order.to)}`].filter(Boolean).join(' · ');
        return place !== null && <li key={`${order.code}${order.from}`} className="tl-order" data-open={order.to === null} style={place} title={text}><span aria-hidden="true">{order.code}</span><span className="sr-only">{text}</span></li>;
      })}
    </ul>
  );
}

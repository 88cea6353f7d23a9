/** The running order against its plan with what can be done to it, and the orders that could run next. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDataNow, useDataText, useFormats } from '../../app/hooks';
import { ProgressBar, progressOf } from '../../app/ProgressBar';
import { api } from '../../app/services';
import { NO_DATA } from '../../format/format';
import type { Order } from './data';
import type { Place } from './Line';
import { orderQuery, type PlannedOrder, standingOf, waitingQuery } from './orders';
import { type Moves, useOrderMoves } from './useOrders';

export function Orders({ order, place }: { order: Order | null; place: Place }) {
  const moves = useOrderMoves(place);
  return (
    <div className="line-orders">
      {order === null ? <NoOrder /> : <RunningOrder key={order.code} order={order} place={place} />}
      {moves.failure !== undefined && <p role="alert" className="form-error">{moves.failure}</p>}
      <div className="line-order-foot">
        {order !== null && moves.mayMove && <Steps key={order.code} order={order} moves={moves} />}
        <Waiting place={place} running={order} moves={moves} />
      </div>
    </div>
  );
}

function NoOrder() {
  const { t } = useTranslation();
  return <p className="text-muted">{t('board.noOrder')}</p>;
}

function RunningOrder({ order, place }: { order: Order; place: Place }) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const { data } = useQuery(orderQuery(api, place, order.code));
  const started = useDataText((now) => (order.started_at === undefined ? NO_DATA : formats.moment(order.started_at, now)));
  const end = useDataText((now) => (order.expected_end === undefined ? NO_DATA : formats.moment(order.expected_end, now)));
  const due = useDataText((now) => (data?.due === undefined ? NO_DATA : formats.moment(data.due, now)));
  const now = useDataNow();
  const { share, lateMs } = standingOf(order, data?.due, now);
  return (
    <section className="line-order" aria-label={t('board.order')}>
      <p className="flex flex-wrap gap-x-3">
        <b className="font-semibold">{order.code}</b>
        {order.article !== undefined && <span className="text-muted">{order.article}</span>}
        <b className="ml-auto font-semibold tabular-nums">{formats.ratio(progressOf(order))}{share !== undefined && <span className="text-muted font-normal"> {t('line.planShare', { ratio: formats.ratio(share) })}</span>}</b>
      </p>
      <div className="line-progress">
        <ProgressBar order={order} />
        {share !== undefined && <span className="line-plan" style={{ insetInlineStart: `${share * 100}%` }} aria-hidden="true" />}
      </div>
      <dl className="line-facts">
        <div><dt>{t('line.madeOf')}</dt><dd>{formats.quantity(order.good)} / {formats.quantity(order.quantity)}</dd></div>
        <div><dt>{t('board.scrap')}</dt><dd>{formats.quantity(order.scrap)}</dd></div>
        <div><dt>{t('line.started')}</dt><dd>{started}</dd></div>
        <div><dt>{t('line.expectedEnd')}</dt><dd title={t('line.forecastHint')}>{end}</dd></div>
        <div><dt>{t('line.due')}</dt><dd>{due}</dd><dd className="line-lateness"><Lateness lateMs={lateMs} /></dd></div>
      </dl>
    </section>
  );
}

/** Minutes are enough for a forecast. */
const MINUTE_MS = 60_000;

function Lateness({ lateMs }: { lateMs: number | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (lateMs === undefined) return null;
  const late = lateMs >= MINUTE_MS;
  const age = formats.span(Math.abs(lateMs));
  return <span className={late ? 'line-late' : 'text-muted font-normal'} data-testid="lateness">{late ? t('line.late', { age }) : lateMs <= -MINUTE_MS ? t('line.early', { age }) : t('line.onTime')}</span>;
}

/** Completing cannot be taken back, so it is asked twice. */
function Steps({ order, moves: { move, busy } }: { order: Order; moves: Moves }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const formats = useFormats();
  if (asked) {
    return (
      <div className="line-steps" role="group" aria-label={t('line.completeQuestion', { order: order.code })}>
        <p className="flex-1">{t('line.completeQuestion', { order: order.code })} <span className="text-muted tabular-nums">{formats.quantity(order.good)} / {formats.quantity(order.quantity)}</span></p>
        <button type="button" className="button button-primary" disabled={busy} onClick={() => { move(order.code, 'complete'); setAsked(false); }}>{t('line.complete')}</button>
        <button type="button" className="button" autoFocus onClick={() => { setAsked(false); }}>{t('stops.cancel')}</button>
      </div>
    );
  }
  return (
    <div className="line-steps">
      <button type="button" className="button" disabled={busy} onClick={() => { move(order.code, 'pause'); }}>{t('line.pause')}</button>
      <button type="button" className="button" disabled={busy} onClick={() => { setAsked(true); }}>{t('line.complete')}…</button>
    </div>
  );
}

/** Orders that are offered to be started. */
const NEXT = 3;

function Waiting({ place, running, moves }: { place: Place; running: Order | null; moves: Moves }) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...waitingQuery(api, place, running?.code), placeholderData: (before) => before });
  const waiting = (data ?? []).filter(({ code }) => code !== running?.code).slice(0, NEXT);
  if (waiting.length === 0) return null;
  return (
    <details className="line-next" open={running === null}>
      <summary>{t('line.nextOrders')}</summary>
      <ul aria-label={t('line.nextOrders')}>
        {waiting.map((order) => <WaitingOrder key={order.code} order={order} place={place} moves={moves} startable={running === null} />)}
      </ul>
    </details>
  );
}

function WaitingOrder({ order, place, moves: { mayMove, move, busy }, startable }: { order: PlannedOrder; place: Place; moves: Moves; startable: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const due = useDataText((now) => (order.due === undefined ? '' : t('line.dueAt', { time: formats.moment(order.due, now) })));
  const paused = order.state === 'paused';
  return (
    <li className="line-waiting" data-order={order.code}>
      <span className="min-w-0"><b className="font-semibold">{order.code}</b> <span className="text-muted">{[order.article, formats.quantity(order.quantity), due, paused ? t('line.paused') : ''].filter(Boolean).join(' · ')}</span></span>
      {mayMove && startable && <button type="button" className="button" disabled={busy} aria-label={t(paused ? 'line.resumeOrder' : 'line.startOrder', { order: order.code })} onClick={() => { move(order.code, paused ? 'resume' : 'start'); }}>{t(paused ? 'line.resume' : 'line.start')}</button>}
    </li>
  );
}

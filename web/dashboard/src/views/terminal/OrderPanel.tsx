/** The running order with what can be done to it, and the orders that can be taken up next. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { ProgressBar, progressOf } from '../../app/ProgressBar';
import { api, queryClient } from '../../app/services';
import type { OrderStep } from '../../outbox/entry';
import { Dialog } from '../../ui/Dialog';
import type { Order } from '../line/data';
import type { Entered } from './entries';
import { type EnteredStep, lineOrders, ordersQuery, type Slot } from './orders';
import type { Place } from './Terminal';
import type { Enter } from './useEnter';

/** Orders shown before somebody asks for more. */
const FEW = 3;

type OrderPanelProps = { running: Order | null; entered: readonly Entered[]; place: Place; entering: Enter };

export function OrderPanel({ running, entered, place, entering }: OrderPanelProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const query = useQuery(ordersQuery(api, place));
  const { site, line } = place;
  const code = running?.code;
  // The line tells at once that its order has changed; the list is then out of date.
  useEffect(() => { void queryClient.invalidateQueries({ queryKey: ['orders', site, line] }); }, [code, site, line]);
  const { current, next } = lineOrders(running, query.data ?? [], stepsOf(entered));
  const step = (order: string, which: OrderStep) => { void entering.enter({ kind: 'order', order, step: which }); };
  const shown = all ? next : next.slice(0, FEW);
  const isRunning = current?.state === 'running';
  return (
    <section className="terminal-panel" aria-labelledby="terminal-order">
      <h2 id="terminal-order" className="terminal-title">{t('terminal.order')}</h2>
      {current === null ? <p className="terminal-calm">{t('terminal.noOrder')}</p> : <Current key={current.code} order={current} busy={entering.busy} onStep={(which) => { step(current.code, which); }} />}
      <h3 className="terminal-subtitle">{t('terminal.next')}</h3>
      {query.data === undefined && <p className="text-muted" role="status">{t(query.failureCount > 0 ? 'terminal.ordersFailed' : 'app.loading')}</p>}
      {query.data !== undefined && next.length === 0 && <p className="text-muted">{t('terminal.noNext')}</p>}
      {isRunning && next.length > 0 && <p id="terminal-busy-line" className="text-muted">{t('terminal.busyLine', { order: current.code })}</p>}
      <ul className="terminal-next">
        {shown.map((order) => <Next key={order.code} order={order} disabled={isRunning || entering.busy} onStep={(which) => { step(order.code, which); }} />)}
      </ul>
      {next.length > shown.length && <button type="button" className="button terminal-button" onClick={() => { setAll(true); }}>{t('terminal.moreNext', { n: next.length })}</button>}
    </section>
  );
}

function stepsOf(entered: readonly Entered[]): EnteredStep[] {
  return entered.flatMap(({ entry: { action }, waits }) => (action.kind === 'order' ? [{ order: action.order, step: action.step, waits }] : []));
}

function Current({ order, busy, onStep }: { order: Slot; busy: boolean; onStep: (step: OrderStep) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [asking, setAsking] = useState(false);
  const isRunning = order.state === 'running';
  return (
    <div className="terminal-order" data-testid="current-order" data-state={order.state}>
      <p className="terminal-order-head">
        <b>{order.code}</b>
        <span className="text-muted">{order.article}</span>
        {!isRunning && <b className="terminal-paused">{t('terminal.paused')}</b>}
        {order.waits && <span className="terminal-waits">{t('terminal.waits')}</span>}
      </p>
      <ProgressBar order={{ ...order }} />
      <p className="terminal-made">
        <span>{t('terminal.made', { good: formats.quantity(order.good), quantity: formats.quantity(order.quantity) })}</span>
        <span className="text-muted">{t('terminal.scrapMade', { scrap: formats.quantity(order.scrap) })}</span>
        <b className="ml-auto">{formats.ratio(progressOf({ ...order }))}</b>
      </p>
      <div className="terminal-steps">
        <button type="button" className="button terminal-button" aria-disabled={busy} onClick={() => { onStep(isRunning ? 'pause' : 'resume'); }}>{t(isRunning ? 'terminal.pause' : 'terminal.resume')}</button>
        <button type="button" className="button terminal-button" aria-disabled={busy} onClick={() => { if (!busy) setAsking(true); }}>{t('terminal.complete')}</button>
      </div>
      <Dialog open={asking} onOpenChange={setAsking} title={t('terminal.completeTitle', { order: order.code })} about={t('terminal.completeHint')}>
        <p className="terminal-made">{t('terminal.made', { good: formats.quantity(order.good), quantity: formats.quantity(order.quantity) })}</p>
        <div className="dialog-actions">
          <button type="button" className="button terminal-button" onClick={() => { setAsking(false); }}>{t('terminal.back')}</button>
          <button type="button" className="button button-primary terminal-button" aria-disabled={busy} onClick={() => { setAsking(false); onStep('complete'); }}>{t('terminal.complete')}</button>
        </div>
      </Dialog>
    </div>
  );
}

function Next({ order, disabled, onStep }: { order: Slot; disabled: boolean; onStep: (step: OrderStep) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const isPaused = order.state === 'paused';
  return (
    <li className="terminal-next-order" data-order={order.code}>
      <span className="min-w-0">
        <b>{order.code}</b>
        <span className="text-muted">{[order.article, formats.quantity(order.quantity)].filter(Boolean).join(' · ')}</span>
        {isPaused && <b className="terminal-paused">{t('terminal.paused')}</b>}
        {order.waits && <span className="terminal-waits">{t('terminal.waits')}</span>}
      </span>
      <button type="button" className="button terminal-button" aria-disabled={disabled} aria-label={t(isPaused ? 'terminal.resumeOf' : 'terminal.startOf', { order: order.code })} onClick={() => { if (!disabled) onStep(isPaused ? 'resume' : 'start'); }}>
        {t(isPaused ? 'terminal.resume' : 'terminal.start')}
      </button>
    </li>
  );
}

/** The parts of a tile below its state. Each renders only when its own piece of the line changed. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDataText, useFormats } from '../../app/hooks';
import { ProgressBar, progressOf } from '../../app/ProgressBar';
import { NO_DATA } from '../../format/format';
import { LateShape, SeverityShape, StateShape } from '../../ui/shapes';
import { type LineStatus, SEVERITIES, STATES } from '../../vocabulary';
import { totalAlerts } from './need';
import { lateByMs, paceOf } from './pace';
import type { AlertCounts, MachineCounts, Order, Shift } from './site';

type ReasonProps = { status: LineStatus; planned: boolean; reason: string | undefined };

/** A stop that nobody has explained says so; a line that runs, or stands by plan, needs no reason. */
export const Reason = memo(function Reason({ status, planned, reason }: ReasonProps) {
  const { t } = useTranslation();
  if (reason !== undefined) return <p className="tile-reason" title={reason}>{reason}</p>;
  const stopped = status === 'down' || status === 'idle' || status === 'setup' || status === 'maintenance';
  return stopped && !planned ? <p className="tile-reason italic">{t('board.unclassified')}</p> : null;
});

type OrderProps = { order: Order | undefined; timeZone: string | undefined };

export const OrderProgress = memo(function OrderProgress({ order, timeZone }: OrderProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  if (order === undefined) return <div className="tile-order text-muted">{t('board.noOrder')}</div>;
  return (
    <div className="tile-order">
      <div className="tile-row">
        <OrderName order={order} />
        <b className="ml-auto font-semibold">{formats.ratio(progressOf(order))}</b>
      </div>
      <ProgressBar order={order} />
      <div className="tile-row text-muted">
        <span className="truncate">{formats.quantity(order.good)} / {formats.quantity(order.quantity)}</span>
        {order.expected_end !== undefined && <ExpectedEnd at={order.expected_end} due={order.due} timeZone={timeZone} />}
      </div>
    </div>
  );
});

const OrderName = memo(function OrderName({ order: { code, article } }: { order: Order }) {
  return (
    <span className="truncate" title={[code, article].filter(Boolean).join(' · ')}>
      <b className="font-semibold">{code}</b>
      {article !== undefined && <span className="text-muted"> · {article}</span>}
    </span>
  );
});

type ExpectedEndProps = { at: number; due: number | undefined; timeZone: string | undefined };

/** When the order will be done, and by how much that is after it is due. */
const ExpectedEnd = memo(function ExpectedEnd({ at, due, timeZone }: ExpectedEndProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const time = useDataText((now) => formats.moment(at, now));
  const dueTime = useDataText((now) => (due === undefined ? '' : formats.moment(due, now)));
  const late = lateByMs(at, due);
  const text = [t('board.expectedEnd', { time }), due === undefined ? '' : t('board.due', { time: dueTime })].filter(Boolean).join(' · ');
  return (
    <span className="tile-end" title={text}>
      {late === null
        ? <span aria-hidden="true">→ {time}</span>
        : <b className="tile-late"><LateShape /> {t('board.late', { age: formats.shortAge(late) })}</b>}
      <span className="sr-only">{text}</span>
    </span>
  );
});

/** The order where there is room for one line only; a stop's reason comes before it. */
export const OrderShort = memo(function OrderShort({ order }: { order: Order | undefined }) {
  const formats = useFormats();
  if (order === undefined) return null;
  return (
    <>
      <ProgressBar order={order} />
      <b className="font-semibold" title={order.code}>{formats.ratio(progressOf(order))}</b>
    </>
  );
});

export const ShiftFigures = memo(function ShiftFigures({ shift }: { shift: Shift | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (shift === undefined) return <p className="tile-figures text-muted">{t('board.noShift')}</p>;
  const { name, oee, good, scrap, target } = shift;
  return (
    <dl className="tile-figures">
      <div data-wide={true}>
        <dt title={name}>{t('board.oee')}{name !== undefined && <span className="tile-shift"> · {name}</span>}</dt>
        <dd>{oee === undefined ? <NoData /> : formats.ratio(oee)}</dd>
      </div>
      <Figure label={t('board.good')} value={formats.shortQuantity(good)} exact={formats.quantity(good)} />
      <Target label={t('board.target')} good={good} target={target} />
      <Figure label={t('board.scrap')} value={formats.shortQuantity(scrap)} exact={formats.quantity(scrap)} />
    </dl>
  );
});

/** The OEE alone, where the other figures have no room. */
export const Oee = memo(function Oee({ shift }: { shift: Shift | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (shift?.oee === undefined) return null;
  return <span className="tile-oee">{t('board.oee')} <b className="font-semibold">{formats.ratio(shift.oee)}</b></span>;
});

/** What should have been made by now, and how far the line is from it. */
function Target({ label, good, target }: { label: string; good: Shift['good']; target: Shift['target'] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const pace = paceOf(good, target);
  const title = pace === null ? undefined : t('board.pace', { target: formats.quantity(target), difference: formats.shortDifference(pace) });
  return (
    <div data-wide={false} title={title}>
      <dt>{label}</dt>
      <dd>{target === undefined ? <NoData /> : <>{formats.shortQuantity(target)}{pace !== null && pace !== 0 && <>{' '}<small className="tile-pace">{formats.shortDifference(pace)}</small></>}</>}</dd>
    </div>
  );
}

function Figure({ label, value, exact }: { label: string; value: string; exact: string }) {
  return (
    <div data-wide={false}>
      <dt title={label}>{label}</dt>
      <dd title={exact}>{value === NO_DATA ? <NoData /> : value}</dd>
    </div>
  );
}

function NoData() {
  const { t } = useTranslation();
  return <><span aria-hidden="true">{NO_DATA}</span><span className="sr-only">{t('board.noData')}</span></>;
}

export const Machines = memo(function Machines({ machines }: { machines: MachineCounts }) {
  const { t } = useTranslation();
  const present = STATES.filter((state) => machines[state] > 0);
  if (present.length === 0) return <span className="text-muted">{t('board.noMachines')}</span>;
  return (
    <ul className="counts" aria-label={t('board.machines')}>
      {present.map((state) => {
        const text = t('board.machineCount', { state: t(`state.${state}`), n: machines[state] });
        return (
          <li key={state} title={text} className="text-muted">
            <StateShape state={state} />
            <span aria-hidden="true">{machines[state]}</span>
            <span className="sr-only">{text}</span>
          </li>
        );
      })}
    </ul>
  );
});

export const Alerts = memo(function Alerts({ alerts }: { alerts: AlertCounts }) {
  const { t } = useTranslation();
  if (totalAlerts(alerts) === 0) return null;
  return (
    <ul className="counts tile-alerts" aria-label={t('board.alerts')}>
      {SEVERITIES.filter((severity) => alerts[severity] > 0).map((severity) => {
        const text = t('board.alertCount', { severity: t(`severity.${severity}`), n: alerts[severity] });
        return (
          <li key={severity} title={text}>
            <SeverityShape severity={severity} />
            <span aria-hidden="true">{alerts[severity]}</span>
            <span className="sr-only">{text}</span>
          </li>
        );
      })}
    </ul>
  );
});

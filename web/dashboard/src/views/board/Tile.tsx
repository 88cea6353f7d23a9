/** One line on the board: what it does, since when and why, its order, its shift, its machines and alerts. */
import { memo, type MouseEvent, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Since } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { ProgressBar, progressOf } from '../../app/ProgressBar';
import { NO_DATA } from '../../format/format';
import { SeverityShape, StateShape } from '../../ui/shapes';
import { SEVERITIES, STATES, toneOf } from '../../vocabulary';
import { groupOf, totalAlerts } from './need';
import type { Line } from './site';

type TileProps = { line: Line; timeZone: string | undefined };

export const Tile = memo(function Tile({ line, timeZone }: TileProps) {
  const { t } = useTranslation();
  const name = useId();
  const link = useRef<HTMLAnchorElement>(null);
  // The whole tile opens the line, yet what it says stays hoverable; keyboards and screen readers have the link.
  const open = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a') === null) link.current?.click();
  };
  return (
    <li className="tile" data-line={line.code} data-tone={toneOf(line)} data-group={groupOf(line)}>
      <article aria-labelledby={name} className="tile-body" onClick={open}>
        <div className="tile-strip">
          <StateShape state={line.status} className="text-[1.25em]" />
          <span className="truncate">{t(`state.${line.status}`)}</span>
          <Since since={line.since} timeZone={timeZone} className="tile-age" />
        </div>
        <div className="tile-head">
          <h2 id={name} className="tile-name" title={line.name}>
            <Link ref={link} to={`lines/${encodeURIComponent(line.code)}`}>{line.name}</Link>
          </h2>
          <Reason line={line} />
        </div>
        <OrderProgress line={line} timeZone={timeZone} />
        <ShiftFigures line={line} />
        <div className="tile-foot">
          <Machines line={line} />
          <Alerts line={line} />
        </div>
      </article>
    </li>
  );
});

/** A stop that nobody has explained says so; a line that runs needs no reason. */
function Reason({ line }: { line: Line }) {
  const { t } = useTranslation();
  if (line.reason !== undefined) return <p className="tile-reason" title={line.reason}>{line.reason}</p>;
  const stopped = line.status === 'down' || line.status === 'idle' || line.status === 'setup' || line.status === 'maintenance';
  return stopped ? <p className="tile-reason italic">{t('board.unclassified')}</p> : null;
}

function OrderProgress({ line, timeZone }: TileProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const { order } = line;
  if (order === undefined) return <div className="tile-order text-muted">{t('board.noOrder')}</div>;
  return (
    <div className="tile-order">
      <div className="tile-row">
        <span className="truncate" title={[order.code, order.article].filter(Boolean).join(' · ')}>
          <b className="font-semibold">{order.code}</b>
          {order.article !== undefined && <span className="text-muted"> · {order.article}</span>}
        </span>
        <b className="ml-auto font-semibold">{formats.ratio(progressOf(order))}</b>
      </div>
      <ProgressBar order={order} />
      <div className="tile-row text-muted">
        <span className="truncate">{formats.quantity(order.good)} / {formats.quantity(order.quantity)}</span>
        {order.expected_end !== undefined && <ExpectedEnd at={order.expected_end} timeZone={timeZone} />}
      </div>
    </div>
  );
}

function ExpectedEnd({ at, timeZone }: { at: number; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const time = useDataText((now) => formats.moment(at, now));
  const text = t('board.expectedEnd', { time });
  return (
    <span className="ml-auto truncate" title={text}>
      <span aria-hidden="true">→ {time}</span>
      <span className="sr-only">{text}</span>
    </span>
  );
}

function ShiftFigures({ line }: { line: Line }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { name, oee, good, scrap, target } = line.shift;
  return (
    <dl className="tile-figures">
      <Figure label={name === undefined ? t('board.oee') : t('board.oeeOf', { shift: name })} value={formats.ratio(oee)} wide />
      <Figure label={t('board.good')} value={formats.shortQuantity(good)} exact={formats.quantity(good)} />
      <Figure label={t('board.scrap')} value={formats.shortQuantity(scrap)} exact={formats.quantity(scrap)} />
      <Figure label={t('board.target')} value={formats.shortQuantity(target)} exact={formats.quantity(target)} />
    </dl>
  );
}

type FigureProps = { label: string; value: string; exact?: string; wide?: boolean };

function Figure({ label, value, exact, wide = false }: FigureProps) {
  const { t } = useTranslation();
  return (
    <div data-wide={wide}>
      <dt title={label}>{label}</dt>
      <dd title={exact}>{value === NO_DATA ? <><span aria-hidden="true">{NO_DATA}</span><span className="sr-only">{t('board.noData')}</span></> : value}</dd>
    </div>
  );
}

function Machines({ line }: { line: Line }) {
  const { t } = useTranslation();
  const present = STATES.filter((state) => line.machines[state] > 0);
  if (present.length === 0) return <span className="text-muted">{t('board.noMachines')}</span>;
  return (
    <ul className="counts" aria-label={t('board.machines')}>
      {present.map((state) => {
        const text = t('board.machineCount', { state: t(`state.${state}`), n: line.machines[state] });
        return (
          <li key={state} title={text} className="text-muted">
            <StateShape state={state} />
            <span aria-hidden="true">{line.machines[state]}</span>
            <span className="sr-only">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Alerts({ line }: { line: Line }) {
  const { t } = useTranslation();
  if (totalAlerts(line.alerts) === 0) return null;
  return (
    <ul className="counts ml-auto font-semibold" aria-label={t('board.alerts')}>
      {SEVERITIES.filter((severity) => line.alerts[severity] > 0).map((severity) => {
        const text = t('board.alertCount', { severity: t(`severity.${severity}`), n: line.alerts[severity] });
        return (
          <li key={severity} title={text}>
            <SeverityShape severity={severity} />
            <span aria-hidden="true">{line.alerts[severity]}</span>
            <span className="sr-only">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** One line on the board, as much of it as there is room for: what it does, since when and why, its order, its shift, its machines and alerts. */
import { memo, type MouseEvent, type ReactNode, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Since } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { StateShape } from '../../ui/shapes';
import type { LineStatus } from '../../vocabulary';
import { Alerts, Machines, OrderProgress, OrderShort, Oee, Reason, ShiftFigures } from './TileParts';
import type { Detail } from './layout';
import { groupOf, standsByPlan, tileTone } from './need';
import type { Line, PlannedStop } from './site';

type TileProps = { line: Line; siteCode: string; timeZone: string | undefined; detail: Detail };

export const Tile = memo(function Tile({ line, siteCode, timeZone, detail }: TileProps) {
  const name = useId();
  const planned = standsByPlan(line);
  const strip = <Strip status={line.status} planned={planned} plannedStop={line.planned_stop} since={line.since} timeZone={timeZone} short={detail !== 'full'}>{detail === 'essential' && <Alerts alerts={line.alerts} />}</Strip>;
  const head = <Name id={name} name={line.name} to={`/sites/${encodeURIComponent(siteCode)}/lines/${encodeURIComponent(line.code)}`} />;
  return (
    <li className="tile" data-line={line.code} data-tone={tileTone(line)} data-group={groupOf(line)} data-detail={detail}>
      <Body name={name}>
        {detail === 'full' && (
          <>
            {strip}
            <div className="tile-head">{head}<Reason status={line.status} planned={planned} reason={line.reason} /></div>
            <OrderProgress order={line.order} timeZone={timeZone} />
            <ShiftFigures shift={line.shift} />
            <div className="tile-foot"><Machines machines={line.machines} /><Alerts alerts={line.alerts} /></div>
          </>
        )}
        {detail === 'compact' && (
          <>
            {strip}
            <div className="tile-head">{head}</div>
            <div className="tile-row tile-why"><Reason status={line.status} planned={planned} reason={line.reason} /><Alerts alerts={line.alerts} /></div>
            <div className="tile-row tile-short"><OrderShort order={line.order} /><Oee shift={line.shift} /></div>
          </>
        )}
        {detail === 'essential' && <>{strip}<div className="tile-essence">{head}</div></>}
      </Body>
    </li>
  );
}, sameTile);

/** Whether two tiles look the same. A small tile shows no counts, so it need not render with every part that is made. */
function sameTile(before: TileProps, after: TileProps): boolean {
  if (before.siteCode !== after.siteCode || before.timeZone !== after.timeZone || before.detail !== after.detail) return false;
  const [a, b] = [before.line, after.line];
  if (a === b) return true;
  if (after.detail === 'full') return false;
  const sameLook = a.code === b.code && a.name === b.name && a.status === b.status && a.andon === b.andon && a.since === b.since && a.planned_stop === b.planned_stop && a.alerts === b.alerts && (a.shift === undefined) === (b.shift === undefined);
  return sameLook && (after.detail === 'essential' || (a.reason === b.reason && a.order === b.order && a.shift?.oee === b.shift?.oee));
}

/** The whole tile opens the line, yet what it says stays hoverable; keyboards and screen readers have the link. */
function Body({ name, children }: { name: string; children: ReactNode }) {
  const body = useRef<HTMLElement>(null);
  const open = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a') === null) body.current?.querySelector('a')?.click();
  };
  return <article ref={body} aria-labelledby={name} className="tile-body" onClick={open}>{children}</article>;
}

/** Longer names are set smaller rather than cut off. */
const LONG_NAME = 16;

const Name = memo(function Name({ id, name, to }: { id: string; name: string; to: string }) {
  return <h2 id={id} className="tile-name" data-long={name.length > LONG_NAME} title={name}><Link to={to}>{name}</Link></h2>;
});

type StripProps = { status: LineStatus; planned: boolean; plannedStop: PlannedStop | undefined; since: number | undefined; timeZone: string | undefined; short: boolean; children: ReactNode };

function Strip({ status, planned, plannedStop, since, timeZone, short, children }: StripProps) {
  const { t } = useTranslation();
  return (
    <div className="tile-strip">
      <StateShape state={planned ? 'planned' : status} className="text-[1.25em]" />
      <span className="tile-state">{planned ? <Planned stop={plannedStop} timeZone={timeZone} /> : t(`state.${status}`)}</span>
      {children}
      {!planned && <Since since={since} timeZone={timeZone} className="tile-age" short={short} />}
    </div>
  );
}

/** What the calendar says of a line that stands because it is meant to. */
function Planned({ stop, timeZone }: { stop: PlannedStop | undefined; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const time = useDataText((now) => (stop?.to === undefined ? '' : formats.moment(stop.to, now)));
  if (stop === undefined) return t('board.noShift');
  return time === '' ? stop.name : t('board.plannedUntil', { name: stop.name, time });
}

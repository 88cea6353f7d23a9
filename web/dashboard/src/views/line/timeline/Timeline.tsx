/** The state timeline of a line: a row a machine, zoomed and moved by wheel, fingers, mouse, keys or buttons, read state by state. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDataNow, useFormats } from '../../../app/hooks';
import type { Reason } from '../../../stops/api';
import type { Machine } from '../data';
import type { Place } from '../Line';
import type { ShownStop } from '../stops';
import { Axis, OrderBand, ShiftBand } from './Bands';
import { Controls } from './Controls';
import { type Part, partsOf, type Row } from './data';
import { Legend, Patterns } from './Legend';
import { Readout } from './Readout';
import { RowTrack } from './RowTrack';
import { type Range, ticks, zoneOffset } from './scale';
import type { TimelineState } from './useTimeline';
import { type Point, useGestures, useView } from './useView';
import './timeline.css';

type TimelineProps = {
  state: TimelineState;
  period: Range;
  machines: readonly Machine[];
  stops: readonly ShownStop[];
  reasons: readonly Reason[];
  place: Place;
  selected: string | null;
  onSelect: (stop: string) => void;
};

/** Room for one time on the axis, and the height of a row; both in the size of the text, which grows with the screen. */
const TICK_EM = 4.3;
const ROW_EM = 2.2;

export function Timeline({ state: { rows, shifts, orders, loading, failed }, period, machines, stops, reasons, place, selected, onSelect }: TimelineProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const now = useDataNow();
  const area = useRef<HTMLDivElement>(null);
  const { plot, width, em } = useSize();
  const { shown, whole, set, reset } = useView(period);
  const [point, setPoint] = useState<Point | null>(null);
  const parts = useParts(rows, stops);
  const partAt = ({ machine, at }: Point) => parts.get(machine)?.find((part) => part.from <= at && at < (part.to ?? Math.max(now, part.from + 1)));
  const select = (at: Point) => {
    const stop = partAt(at)?.stop;
    if (stop !== undefined) onSelect(stop);
  };
  useGestures(area, plot, { shown, bounds: period, set, onHover: setPoint, onClick: select });
  const planned = useMemo(() => shifts.flatMap((shift) => shift.planned), [shifts]);
  const offset = zoneOffset(shown.from, place.timeZone);
  const marks = useMemo(() => ticks({ from: shown.from, to: shown.to }, Math.max(2, width / (TICK_EM * em)), offset), [shown.from, shown.to, width, em, offset]);
  const band = { view: shown, now, formats };
  const picked = point === null ? undefined : partAt(point);
  const nameOf = (code: string) => rows.find(({ machine }) => machine === code)?.name ?? code;
  return (
    <div className="timeline" data-testid="timeline">
      <Patterns />
      <Controls shown={shown} bounds={period} whole={whole} set={set} reset={reset} timeZone={place.timeZone} />
      <div ref={area} className="tl-area">
        <div className="tl-row tl-heading"><span /><div ref={plot} className="tl-plot"><Axis ticks={marks} view={shown} formats={formats} /></div></div>
        <div className="tl-row tl-heading"><span className="tl-label" aria-hidden="true">{t('line.shift')}</span><ShiftBand shifts={shifts} planned={planned} {...band} /></div>
        <div className="tl-row tl-heading"><span className="tl-label" aria-hidden="true">{t('board.order')}</span><OrderBand orders={orders} {...band} /></div>
        {rows.map((row, index) => (
          <RowTrack
            key={row.machine}
            row={row}
            parts={parts.get(row.machine) ?? []}
            machine={machines.find(({ code }) => code === row.machine)}
            reasons={reasons}
            timeZone={place.timeZone}
            tabbable={point === null ? index === 0 : point.machine === row.machine}
            track={{ view: shown, width, height: Math.round(ROW_EM * em), now, planned, shifts, ticks: marks, picked: point?.machine === row.machine ? picked : undefined, selected }}
            bounds={period}
            onView={set}
            onWhole={reset}
            onPoint={setPoint}
            onSelect={select}
            at={point?.machine === row.machine ? point.at : null}
          />
        ))}
      </div>
      <Readout part={picked} machine={point === null ? '' : nameOf(point.machine)} reasons={reasons} timeZone={place.timeZone} note={failed ? t('line.timelineFailed') : loading ? t('app.loading') : rows.length === 0 ? t('board.noMachines') : undefined} />
      <Legend />
    </div>
  );
}

/** The rows cut by stops, by machine. */
function useParts(rows: readonly Row[], stops: readonly ShownStop[]): ReadonlyMap<string, readonly Part[]> {
  return useMemo(() => {
    return new Map(rows.map(({ machine, states }) => [machine, partsOf(states, stops.filter((stop) => stop.machine === machine))]));
  }, [rows, stops]);
}

function useSize() {
  const plot = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, em: 16 });
  useEffect(() => {
    const element = plot.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => { setSize({ width: element.clientWidth, em: parseFloat(getComputedStyle(element).fontSize) }); });
    observer.observe(element);
    return () => { observer.disconnect(); };
  }, []);
  return { plot, ...size };
}

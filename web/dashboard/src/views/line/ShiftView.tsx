/** The shift of a line, or another period: what its machines did, what needs a hand, hours, losses and stops, each leading to the next. */
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { AlertList } from '../../alerts/AlertList';
import { useDataNow } from '../../app/hooks';
import type { LineData, Shift } from './data';
import { Hours } from './Hours';
import type { Place } from './Line';
import { Pareto } from './Pareto';
import { type Period, PERIODS, periodOf } from './period';
import { StopList } from './StopList';
import { Timeline } from './timeline/Timeline';
import { useTimeline } from './timeline/useTimeline';
import { useStops } from './useStops';

type ShiftViewProps = { read: LineData; place: Place; stale: boolean; /** What stands beside and below. */ children: ReactNode };

export function ShiftView({ read, place, stale, children }: ShiftViewProps) {
  const { t } = useTranslation();
  const { period, wanted, choose } = usePeriod(read.shift);
  const timeline = useTimeline(place, period, read, stale);
  const stops = useStops(place, period, read.stops, stale);
  const planned = useMemo(() => timeline.shifts.flatMap((shift) => shift.planned), [timeline.shifts]);
  const [filter, setFilter] = useState<string | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const select = (id: string) => {
    setFilter(null);
    setSelected(id);
  };
  return (
    <>
      <section aria-labelledby="line-timeline" className="line-section">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h2 id="line-timeline" className="line-title">{t('line.timeline')}</h2>
          {wanted !== period.name && <p className="text-muted">{t('line.noShiftPeriod')}</p>}
          <fieldset className="chips ml-auto">
            <legend className="sr-only">{t('line.period')}</legend>
            {PERIODS.map((name) => (
              <label key={name} className="chip">
                <input type="radio" className="sr-only" name="period" value={name} checked={wanted === name} onChange={() => { choose(name); }} />
                {t(`line.periods.${name}`)}
              </label>
            ))}
          </fieldset>
        </div>
        <Timeline key={period.name} state={timeline} period={period} machines={read.machines} stops={stops.stops} reasons={stops.reasons} place={place} selected={selected} onSelect={select} />
      </section>
      <div className="line-columns">
        <div className="line-column">
          <div className="line-now">
            <section aria-labelledby="line-alerts" className="line-section">
              <h2 id="line-alerts" className="line-title">{t('board.alerts')}</h2>
              {read.alerts.length === 0 ? <p className="text-muted">{t('board.noAlerts')}</p> : <AlertList alerts={read.alerts} label={t('board.alerts')} timeZone={place.timeZone} />}
            </section>
            <Hours place={place} period={period} shift={read.shift} stale={stale} />
          </div>
          <Pareto stops={stops.stops} period={period} planned={planned} reasons={stops.reasons} chosen={filter} onChoose={setFilter} />
        </div>
        <StopList state={stops} machines={read.machines} place={place} filter={filter} onClear={() => { setFilter(null); }} selected={selected} onSelect={setSelected} />
        {children}
      </div>
    </>
  );
}

/** The choice lives in the address, so that it can be shared and comes back. */
function usePeriod(shift: Shift | null) {
  const [params, setParams] = useSearchParams();
  const now = useDataNow();
  const wanted = PERIODS.find((name) => name === params.get('period')) ?? 'shift';
  const { name, from, to } = periodOf(wanted, shift, now);
  const period = useMemo((): Period => ({ name, from, to }), [name, from, to]);
  const choose = (next: Period['name']) => {
    setParams((before) => {
      const after = new URLSearchParams(before);
      if (next === 'shift') after.delete('period');
      else after.set('period', next);
      return after;
    }, { replace: true, preventScrollReset: true });
  };
  return { period, wanted, choose };
}

/** The stops of the period: what nobody explained first; one at a time is opened, to be explained and to see what it is made of. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonName } from '../../stops/api';
import type { Machine } from './data';
import type { Place } from './Line';
import { StopRow } from './StopRow';
import { behind, holding } from './stops';
import type { Stops } from './useStops';

/** Shown before somebody asks for all. */
const FEW = 8;

type StopListProps = { state: Stops; machines: readonly Machine[]; place: Place; filter: string | null; onClear: () => void; selected: string | null; onSelect: (id: string | null) => void };

export function StopList({ state, machines, place, filter, onClear, selected, onSelect }: StopListProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const [held, setHeld] = useState<{ id: string; index: number } | null>(null);
  const found = behind(state.stops, filter);
  if ((held?.id ?? null) !== selected) setHeld(selected === null ? null : { id: selected, index: Math.max(0, found.findIndex(({ id }) => id === selected)) });
  const matching = holding(found, state.stops, held);
  const unexplained = state.stops.filter(({ reason }) => reason === undefined).length;
  // What was chosen elsewhere is shown wherever it stands in the list.
  const shown = all || filter !== null ? matching : matching.filter(({ id }, index) => index < FEW || id === selected);
  const nameOf = (code: string) => machines.find((machine) => machine.code === code)?.name ?? code;
  useEffect(() => {
    const row = selected === null ? null : list.current?.querySelector(`[data-stop="${CSS.escape(selected)}"]`);
    row?.scrollIntoView({ block: 'nearest' });
    row?.querySelector<HTMLElement>('.stop-head')?.focus({ preventScroll: true });
  }, [selected]);
  return (
    <section aria-labelledby="line-stops" className="line-section">
      <h2 id="line-stops" className="line-title">
        {t('line.stops')} <span className="text-muted font-normal tabular-nums">{state.stops.length > 0 && `· ${state.stops.length}`}</span>
        {unexplained > 0 && <span className="unclassified stops-open">{t('line.unclassifiedStops', { count: unexplained })}</span>}
      </h2>
      {filter !== null && (
        <p className="stops-filter">
          <span>{t('line.stopsBehind', { what: whatOf(filter, state, t('board.unclassified')) })}</span>
          <button type="button" className="button" onClick={onClear}>{t('line.allStops')}</button>
        </p>
      )}
      {state.failed && <p role="alert" className="form-error">{t('line.stopsFailed')}</p>}
      {matching.length === 0 && !state.failed && <p className="text-muted">{t(state.loading ? 'app.loading' : 'line.noStops')}</p>}
      <ol className="stops" ref={list}>
        {shown.map((stop) => (
          <StopRow key={stop.id} stop={stop} machine={nameOf(stop.machine)} state={state} place={place} draft={state.drafts.get(stop.id)} open={stop.id === selected} onToggle={onSelect} />
        ))}
      </ol>
      {filter === null && matching.length > FEW && (
        <button type="button" className="button more" aria-expanded={all} onClick={() => { setAll(!all); }}>{all ? t('line.fewerStops') : t('line.everyStop', { n: matching.length })}</button>
      )}
      {state.truncated && <p className="text-muted">{t('line.stopsTruncated')}</p>}
    </section>
  );
}

/** A filter in words: the reason, else that there is none. */
function whatOf(key: string, { reasons }: Stops, unclassified: string): string {
  const [, reason] = key.split(':', 2);
  return reason === undefined ? unclassified : reasonName(reasons, reason);
}

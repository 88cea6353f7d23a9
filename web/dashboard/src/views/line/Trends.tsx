/** Charts of chosen measures over a chosen span; the choice lives in the address, so that it can be shared and comes back. */
import { lazy, Suspense, useCallback, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useDataNow, useFormats } from '../../app/hooks';
import { metricOf, withUnit } from '../../format/units';
import type { Machine } from './data';
import type { Place } from './Line';
import { chartable, type Choice, choiceKey, firstChoice, mergeTrend, parseChoice, type Span, SPANS, summaryOf, withGaps } from './trend';
import type { Range } from './timeline/scale';
import { useHistory, useLivePoints, useSilence } from './useTrend';

// uPlot is needed only where something is charted.
const Chart = lazy(() => import('./Chart'));

const MAX_CHARTS = 4;
const SPAN_NAMES = Object.keys(SPANS) as Span[];

type TrendsProps = { machines: readonly Machine[]; place: Place; stale: boolean };

/** Less than this cannot be looked at more closely. */
const LEAST_MS = 2_000;

export function Trends({ machines, place, stale }: TrendsProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  // All charts show the same part, so that they can be compared.
  const [range, setRange] = useState<Range | null>(null);
  const zoomTo = useCallback((from: number, to: number) => { if (to - from >= LEAST_MS) setRange({ from, to }); }, []);
  const choices = chartable(machines);
  const first = firstChoice(choices);
  const { chosen, span, choose, setSpan } = useChosen(first);
  const unused = choices.find((choice) => !chosen.some((other) => choiceKey(other) === choiceKey(choice)));
  const replace = (index: number, choice: Choice | null) => { choose(chosen.flatMap((other, at) => (at === index ? (choice ?? []) : other))); };
  return (
    <section aria-labelledby="line-trends" className="line-section">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="line-trends" className="line-title">{t('line.trends')}</h2>
        <fieldset className="chips ml-auto">
          <legend className="sr-only">{t('line.span')}</legend>
          {SPAN_NAMES.map((name) => (
            <label key={name} className="chip">
              <input type="radio" className="sr-only" name="span" value={name} checked={span === name} onChange={() => { setRange(null); setSpan(name); }} />
              {t(`line.spans.${name}`)}
            </label>
          ))}
        </fieldset>
      </div>
      <p className="trend-zoom text-muted">
        {range === null ? t('line.chartHint') : <><span className="tabular-nums">{t('line.zoomed', { from: formats.exactMoment(range.from, range.to), to: formats.clockSeconds(range.to) })}</span><button type="button" className="button" onClick={() => { setRange(null); }}>{t('line.backToSpan')}</button></>}
      </p>
      {chosen.length === 0 && <p className="text-muted">{t('line.noMeasures')}</p>}
      <div className="trends">
      {chosen.map((choice, index) => (
        <Trend key={`${choiceKey(choice)} ${span}`} range={range} onRange={zoomTo} choice={choice} choices={choices} machines={machines} place={place} span={span} stale={stale} onChoice={(next) => { replace(index, next); }} removable={chosen.length > 1} />
      ))}
      </div>
      {unused !== undefined && chosen.length < MAX_CHARTS && (
        <button type="button" className="button more" onClick={() => { choose([...chosen, unused]); }}>{t('line.addChart')}</button>
      )}
    </section>
  );
}

function useChosen(first: Choice | undefined) {
  const [params, setParams] = useSearchParams();
  const given = params.getAll('trend').map(parseChoice).filter((choice) => choice !== null).slice(0, MAX_CHARTS);
  const span = SPAN_NAMES.find((name) => name === params.get('span')) ?? '15m';
  const chosen = given.length > 0 ? given : first === undefined ? [] : [first];
  const write = (choices: readonly Choice[], wanted: Span) => {
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.delete('trend');
      next.delete('span');
      if (wanted !== '15m') next.set('span', wanted);
      for (const key of new Set(choices.map(choiceKey))) next.append('trend', key);
      return next;
    }, { replace: true, preventScrollReset: true });
  };
  return {
    chosen,
    span,
    choose: (choices: readonly Choice[]) => { write(choices, span); },
    setSpan: (wanted: Span) => { write(given, wanted); },
  };
}

type TrendProps = {
  choice: Choice;
  choices: readonly Choice[];
  machines: readonly Machine[];
  place: Place;
  span: Span;
  range: Range | null;
  onRange: (from: number, to: number) => void;
  stale: boolean;
  removable: boolean;
  onChoice: (choice: Choice | null) => void;
};

function Trend({ choice, choices, machines, place, span, range, onRange, stale, removable, onChoice }: TrendProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const id = useId();
  const key = { ...choice, site: place.site, line: place.line, span, range };
  const history = useHistory(key, stale);
  const live = useLivePoints(key);
  const now = useDataNow();
  const { from, to } = range ?? { from: now - SPANS[span].ms, to: now };
  const points = useMemo(() => mergeTrend(history.data?.points ?? [], live, from).filter(({ at }) => at <= to), [history.data, live, from, to]);
  const silent = useSilence(place, choice.machine);
  const marks = useMemo(() => withGaps(points, silent), [points, silent]);
  const summary = summaryOf(points);
  const { label, unit } = metricOf(choice.metric);
  const machine = machines.find(({ code }) => code === choice.machine)?.name ?? choice.machine;
  const value = (number: number) => withUnit(number, unit, formats);
  return (
    <figure className="trend" data-trend={choiceKey(choice)}>
      <div className="trend-head">
        <label htmlFor={id} className="sr-only">{t('line.measure')}</label>
        <select id={id} className="input trend-choice" value={choiceKey(choice)} onChange={(event) => { onChoice(parseChoice(event.target.value)); }}>
          <Options choice={choice} choices={choices} machines={machines} />
        </select>
        <span className="trend-machine">{machine}</span>
        {removable && <button type="button" className="button" aria-label={t('line.removeChart', { measure: label })} onClick={() => { onChoice(null); }}><span aria-hidden="true">✕</span></button>}
      </div>
      <Suspense fallback={<div className="trend-chart" />}>
        <Chart points={points} marks={marks} onRange={onRange} from={from} to={to} label={t('line.trendOf', { measure: label, machine })} format={value} formatTime={formats.clockSeconds} formatTick={formats.clock} timeZone={place.timeZone} />
      </Suspense>
      <figcaption className="trend-caption">
        {summary !== null && <span data-testid="trend-summary">{t('line.summary', { min: value(summary.min), max: value(summary.max), last: value(summary.last.value), time: formats.clockSeconds(summary.last.at) })}</span>}
        {summary === null && <span>{t(history.isPending ? 'app.loading' : 'line.noSamples')}</span>}
        {history.isError && <span role="alert" className="text-bad">{t('line.historyFailed')}</span>}
        {history.data?.truncated === true && <span>{t('line.truncated')}</span>}
      </figcaption>
    </figure>
  );
}

/** What is charted stays in the list, also when its machine no longer reports it. */
function Options({ choice, choices, machines }: { choice: Choice; choices: readonly Choice[]; machines: readonly Machine[] }) {
  const present = choices.some((other) => choiceKey(other) === choiceKey(choice));
  const all = present ? choices : [choice, ...choices];
  const codes = [...new Set(all.map(({ machine }) => machine))];
  return codes.map((code) => (
    <optgroup key={code} label={machines.find((machine) => machine.code === code)?.name ?? code}>
      {all.filter(({ machine }) => machine === code).map((option) => {
        const { label, unit } = metricOf(option.metric);
        return <option key={option.metric} value={choiceKey(option)}>{unit === null ? label : `${label} (${unit})`}</option>;
      })}
    </optgroup>
  ));
}

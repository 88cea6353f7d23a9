/** What is shown: the line, the span in time, and how it is cut. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Range } from '../line/timeline/scale';
import type { LineName } from './data';
import type { Change } from './hooks';
import { type Bucket, bucketsFor, type Choice, fromField, MAX_SPAN_MS, SPANS, toField } from './span';

type ControlsProps = { choice: Choice; change: Change; range: Range | null; bucket: Bucket | null; lines: readonly LineName[]; timeZone: string | undefined };

export function Controls({ choice, change, range, bucket, lines, timeZone }: ControlsProps) {
  const { t } = useTranslation();
  const allowed = range === null ? [] : bucketsFor(range, choice.line === null ? lines.length : 1);
  const missing = choice.line !== null && !lines.some(({ code }) => code === choice.line);
  return (
    <search className="kpi-controls" aria-label={t('kpi.title')}>
      <select className="input kpi-line" aria-label={t('kpi.line')} value={choice.line ?? ''} onChange={({ target }) => { change({ line: target.value === '' ? null : target.value, open: null, loss: null }); }}>
        <option value="">{t('kpi.allLines')}</option>
        {missing && <option value={choice.line ?? ''}>{choice.line}</option>}
        {lines.map(({ code, name }) => <option key={code} value={code}>{name}</option>)}
      </select>
      <fieldset className="chips">
        <legend className="sr-only">{t('kpi.span')}</legend>
        {[...SPANS, 'own' as const].map((name) => (
          <Chip key={name} group="span" value={name} checked={choice.span === name} text={t(`kpi.spans.${name}`)} onChoose={() => { change({ span: name, own: name === 'own' ? range : null, open: null, loss: null }); }} />
        ))}
      </fieldset>
      <fieldset className="chips kpi-buckets">
        <legend className="kpi-legend">{t('kpi.bucket')}</legend>
        {allowed.map((name) => <Chip key={name} group="bucket" value={name} checked={bucket === name} text={t(`kpi.buckets.${name}`)} onChoose={() => { change({ bucket: name, open: null }); }} />)}
      </fieldset>
      {choice.span === 'own' && range !== null && <OwnSpan range={range} timeZone={timeZone} onApply={(own) => { change({ own, open: null, loss: null }); }} />}
    </search>
  );
}

type ChipProps = { group: string; value: string; checked: boolean; text: string; onChoose: () => void };

function Chip({ group, value, checked, text, onChoose }: ChipProps) {
  return (
    <label className="chip">
      <input type="radio" className="sr-only" name={group} value={value} checked={checked} onChange={onChoose} />
      {text}
    </label>
  );
}

const DAY_MS = 86_400_000;

/** Both ends by the clock of the site. */
function OwnSpan({ range, timeZone, onApply }: { range: Range; timeZone: string | undefined; onApply: (range: Range) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(toField(range.from, timeZone));
  const [to, setTo] = useState(toField(range.to, timeZone));
  const [refused, setRefused] = useState(false);
  const apply = () => {
    const [begin, end] = [fromField(from, timeZone), fromField(to, timeZone)];
    const valid = begin !== null && end !== null && begin < end && end - begin <= MAX_SPAN_MS;
    setRefused(!valid);
    if (valid) onApply({ from: begin, to: end });
  };
  return (
    <form className="kpi-own" onSubmit={(event) => { event.preventDefault(); apply(); }} noValidate>
      <label className="kpi-field">{t('kpi.from')}<input className="input" type="datetime-local" value={from} aria-invalid={refused} onChange={({ target }) => { setFrom(target.value); }} /></label>
      <label className="kpi-field">{t('kpi.to')}<input className="input" type="datetime-local" value={to} aria-invalid={refused} onChange={({ target }) => { setTo(target.value); }} /></label>
      <button type="submit" className="button">{t('kpi.apply')}</button>
      {refused && <p role="alert" className="form-error">{t('kpi.spanInvalid', { n: MAX_SPAN_MS / DAY_MS })}</p>}
    </form>
  );
}

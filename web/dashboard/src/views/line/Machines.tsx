/** The machines of a line: state, age, reason, how far they can be trusted, what they counted, and what they measure now. */
import { useQuery } from '@tanstack/react-query';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Since } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { metricOf, withUnit } from '../../format/units';
import { lineQuery, type Reason as KnownReason, reasonName } from '../../stops/api';
import { StateShape } from '../../ui/shapes';
import { toneOf } from '../../vocabulary';
import type { Machine, Measure } from './data';
import type { Place } from './Line';

/** Measures that are shown at once; the rest opens. */
const FEW = 12;

type MachinesProps = { machines: readonly Machine[]; place: Place };

export function Machines({ machines, place }: MachinesProps) {
  const { t } = useTranslation();
  const { data: line } = useQuery(lineQuery(api, place));
  return (
    <section aria-labelledby="line-machines" className="line-section">
      <h2 id="line-machines" className="line-title">{t('board.machines')}</h2>
      {machines.length === 0 && <p className="text-muted">{t('board.noMachines')}</p>}
      <ul className="machines">
        {machines.map((machine) => <MachineCard key={machine.code} machine={machine} reasons={line?.reasons} timeZone={place.timeZone} />)}
      </ul>
    </section>
  );
}

const MachineCard = memo(function MachineCard({ machine, reasons, timeZone }: { machine: Machine; reasons: readonly KnownReason[] | undefined; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  return (
    <li className="machine" data-machine={machine.code} data-quality={machine.quality} data-tone={toneOf({ status: machine.state })}>
      <div className="machine-head">
        <span className="machine-state">
          <StateShape state={machine.state} />
          {t(`state.${machine.state}`)}
          <Since since={machine.since} timeZone={timeZone} className="tabular-nums" />
        </span>
        <h3 className="machine-name" title={machine.code}>{machine.name}</h3>
        <Reason machine={machine} reasons={reasons} />
        <dl className="machine-counts">
          <div><dt>{t('board.good')}</dt><dd>{formats.quantity(machine.good)}</dd></div>
          <div><dt>{t('board.scrap')}</dt><dd>{formats.quantity(machine.scrap)}</dd></div>
        </dl>
      </div>
      {machine.quality !== 'good' && <Trust machine={machine} timeZone={timeZone} />}
      {machine.clock_skew && <p className="machine-trust">{t('line.clockSkew')}</p>}
      <Measures machine={machine} timeZone={timeZone} />
    </li>
  );
});

function Reason({ machine, reasons = [] }: { machine: Machine; reasons: readonly KnownReason[] | undefined }) {
  const { t } = useTranslation();
  if (machine.reason !== undefined) return <span>{reasonName(reasons, machine.reason)}</span>;
  const stopped = ['down', 'idle', 'setup', 'maintenance'].includes(machine.state);
  return stopped ? <span className="unclassified">{t('board.unclassified')}</span> : null;
}

/** Says since when nothing is known, in words; the colours of the card are gone as well. */
function Trust({ machine, timeZone }: { machine: Machine; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const at = machine.quality === 'unknown' ? (machine.since ?? machine.heardAt) : machine.heardAt;
  const time = useDataText((now) => (at === undefined ? '' : formats.exactMoment(at, now)));
  const since = machine.quality === 'unknown' ? t('line.unknownSince', { time }) : t('line.staleSince', { time });
  return <p className="machine-trust">{at === undefined ? t('line.neverHeard') : since}</p>;
}

function Measures({ machine, timeZone }: { machine: Machine; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const { measures } = machine;
  if (measures.length === 0) return null;
  const shown = all ? measures : measures.slice(0, FEW);
  return (
    <>
      <dl className="measures" aria-label={t('line.measuresOf', { machine: machine.name })}>
        {shown.map((measure) => <MeasureValue key={measure.name} measure={measure} timeZone={timeZone} />)}
      </dl>
      {measures.length > FEW && (
        <button type="button" className="button more" aria-expanded={all} onClick={() => { setAll(!all); }}>
          {all ? t('line.fewerMeasures') : t('line.allMeasures', { n: measures.length })}
        </button>
      )}
    </>
  );
}

const MeasureValue = memo(function MeasureValue({ measure: { name, value, at }, timeZone }: { measure: Measure; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const { label, unit } = metricOf(name);
  const text = typeof value === 'number' ? withUnit(value, unit, formats) : typeof value === 'boolean' ? t(value ? 'line.yes' : 'line.no') : value;
  return (
    <div>
      <dt title={name}>{label}</dt>
      <dd title={at === undefined ? text : `${text} · ${formats.clockSeconds(at)}`}>{text}</dd>
    </div>
  );
});

/** The loss waterfall: from planned busy time down to effective time; each bar opens the stops behind it. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/services';
import { lineQuery, reasonName } from '../../stops/api';
import type { Place } from '../line/Line';
import { Behind } from './Behind';
import { Csv } from './Csv';
import { lossesQuery, type MachineName } from './data';
import { useFault } from './hooks';
import type { Scope } from './Kpi';
import { LossBar } from './LossBar';
import { MAX_LOSS_MS } from './span';
import { lossTable } from './tables';
import { type Step, waterfall } from './waterfall';

/** Stops that have a bar of their own before somebody asks for all. */
const FEW = 8;
const DAY_MS = 86_400_000;

type LossesProps = { scope: Scope; /** The line; null for the whole site. */ place: Place | null; machine: readonly MachineName[] | undefined; /** Opens the inputs that speed and scrap come from. */ onInputs: (() => void) | null; /** What was made has a planned run time. */ timed: boolean };

export function Losses({ scope, place, machine: machines, onInputs, timed }: LossesProps) {
  const { t } = useTranslation();
  const { site, range, choice, change, timeZone } = scope;
  const [all, setAll] = useState(false);
  const tooLong = range.to - range.from > MAX_LOSS_MS;
  const query = useQuery({ ...lossesQuery(api, site, place?.line ?? null, range), enabled: !tooLong });
  const fault = useFault();
  const nameOf = useStepName(place, !timed && query.data?.items.every(({ kind }) => kind === 'stop') === true);
  const steps = useMemo(() => (query.data === undefined ? [] : waterfall(query.data, all ? Infinity : FEW)), [query.data, all]);
  const busyMs = query.data?.planned_busy_ms ?? 0;
  const chosen = place === null ? undefined : steps.find(({ key, kind }) => kind === 'stop' && key === choice.loss);
  const actionOf = (step: Step): (() => void) | null => {
    if (step.kind === 'others') return () => { setAll(true); };
    if (place === null || onInputs === null) return null;
    return step.kind === 'stop' ? () => { change({ loss: step.key === choice.loss ? null : step.key }); } : onInputs;
  };
  const table = () => lossTable(query.data === undefined ? [] : waterfall(query.data, Infinity), busyMs, t, nameOf);
  return (
    <section aria-labelledby="kpi-losses" className="line-section kpi-losses-area">
      <div className="kpi-section-head">
        <h2 id="kpi-losses" className="line-title">{t('kpi.losses')}</h2>
        <Csv what={t('kpi.losses')} name={['losses', site, place?.line].filter(Boolean).join('-')} range={range} timeZone={timeZone} table={table} disabled={steps.length === 0} />
      </div>
      {tooLong && <p className="text-muted">{t('kpi.lossesTooLong', { n: MAX_LOSS_MS / DAY_MS })}</p>}
      {query.isError && <p role="alert" className="form-error">{fault(query.error)}</p>}
      {query.isPending && !tooLong && <p className="text-muted">{t('app.loading')}</p>}
      <ol className="pareto kpi-waterfall" data-testid="kpi-waterfall">
        {steps.map((step) => <LossBar key={step.key} step={step} name={nameOf(step)} busyMs={busyMs} pressed={step === chosen} action={actionOf(step)} />)}
      </ol>
      {steps.length > 0 && <p className="line-meaning">{t(place === null ? 'kpi.lossChooseLine' : 'kpi.lossHint')}</p>}
      {place !== null && machines !== undefined && chosen !== undefined && (
        <Behind key={chosen.key} title={t('kpi.stopsOf', { what: nameOf(chosen) })} place={place} range={range} machines={machines} loss={chosen} />
      )}
    </section>
  );
}

/** What a step is called. `untimed`: nothing is known of speed and scrap. */
function useStepName(place: Place | null, untimed: boolean): (step: Step) => string {
  const { t } = useTranslation();
  const { data: line } = useQuery({ ...lineQuery(api, place ?? { site: '', line: '' }), enabled: place !== null });
  return (step) => {
    switch (step.kind) {
      case 'busy': return t('kpi.busy');
      case 'effective': return t(untimed ? 'kpi.effectiveUnknown' : 'kpi.effective');
      case 'speed': return t('kpi.speed');
      case 'scrap': return t('kpi.scrapLoss');
      case 'others': return t('kpi.others', { n: step.count });
      case 'stop': return step.reason === undefined ? t('kpi.unclassified') : (step.name ?? reasonName(line?.reasons ?? [], step.reason));
    }
  };
}

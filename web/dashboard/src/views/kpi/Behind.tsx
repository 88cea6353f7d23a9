/** The stops behind a number or a loss; one at a time is opened to be explained and to show its raw events. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Place } from '../line/Line';
import { StopRow } from '../line/StopRow';
import type { Range } from '../line/timeline/scale';
import type { MachineName } from './data';
import { type LossRef, useBehind } from './useBehind';

/** Shown before somebody asks for all. */
const FEW = 6;

type BehindProps = { title: string; place: Place; range: Range; machines: readonly MachineName[]; /** Only the stops of this loss. */ loss: LossRef | null };

export function Behind({ title, place, range, machines, loss }: BehindProps) {
  const { t } = useTranslation();
  const state = useBehind(place, range, machines, loss);
  const [open, setOpen] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const { stops } = state;
  const shown = all ? stops : stops.slice(0, FEW);
  return (
    <div className="kpi-behind" data-testid={loss === null ? 'kpi-stops' : 'kpi-loss-stops'}>
      <h3 className="kpi-subtitle">{title} <span className="text-muted font-normal tabular-nums">{stops.length > 0 && `· ${stops.length}`}</span></h3>
      {state.failed && <p role="alert" className="form-error">{t('line.stopsFailed')}</p>}
      {stops.length === 0 && !state.failed && <p className="text-muted">{t(state.loading ? 'app.loading' : 'line.noStops')}</p>}
      <ol className="stops">
        {shown.map((stop) => (
          <StopRow key={stop.id} stop={stop} machine={machines.find(({ code }) => code === stop.machine)?.name ?? stop.machine} state={state} place={place} draft={state.drafts.get(stop.id)} open={stop.id === open} onToggle={setOpen} />
        ))}
      </ol>
      {stops.length > FEW && <button type="button" className="button more" aria-expanded={all} onClick={() => { setAll(!all); }}>{all ? t('line.fewerStops') : t('line.everyStop', { n: stops.length })}</button>}
      {state.truncated && <p className="text-muted">{t('line.stopsTruncated')}</p>}
      {stops.length > 0 && <p className="line-meaning">{t('kpi.stopsWhole')}</p>}
    </div>
  );
}

/** The Pareto of stops: what cost most comes first; every bar leads to the stops behind it. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDataNow, useFormats } from '../../app/hooks';
import { type Reason, reasonName } from '../../stops/api';
import { StateShape } from '../../ui/shapes';
import { type Loss, pareto } from './pareto';
import type { ShownStop } from './stops';
import type { PlannedStop } from './timeline/data';
import type { Range } from './timeline/scale';

type ParetoProps = { stops: readonly ShownStop[]; period: Range; planned: readonly PlannedStop[]; reasons: readonly Reason[]; chosen: string | null; onChoose: (key: string | null) => void };

/** Shown before somebody asks for all: the few that cost most. */
const FEW = 7;
/** Sums of time change every second; a bar need not. */
const STEP_MS = 5_000;

export function Pareto({ stops, period, planned, reasons, chosen, onChoose }: ParetoProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [all, setAll] = useState(false);
  const now = Math.floor(useDataNow() / STEP_MS) * STEP_MS;
  const { items, totalMs } = useMemo(() => pareto(stops, period, planned, now), [stops, period, planned, now]);
  const most = items[0]?.durationMs ?? 1;
  return (
    <section aria-labelledby="line-pareto" className="line-section">
      <h2 id="line-pareto" className="line-title">{t('line.pareto')} <span className="text-muted font-normal tabular-nums">{totalMs > 0 && `· ${formats.age(totalMs)}`}</span></h2>
      {items.length === 0 && <p className="text-muted">{t('line.noStops')}</p>}
      <ol className="pareto" data-testid="pareto">
        {(all ? items : items.slice(0, FEW)).map((loss) => (
          <Bar key={loss.key} loss={loss} most={most} name={loss.reason === undefined ? undefined : reasonName(reasons, loss.reason)} pressed={loss.key === chosen} onPress={() => { onChoose(loss.key === chosen ? null : loss.key); }} />
        ))}
      </ol>
      {items.length > FEW && <button type="button" className="button more" aria-expanded={all} onClick={() => { setAll(!all); }}>{all ? t('line.fewerCauses') : t('line.everyCause', { n: items.length })}</button>}
      {items.length > 0 && <p className="line-meaning">{t('line.paretoHint')}</p>}
    </section>
  );
}

type BarProps = { loss: Loss; most: number; name: string | undefined; pressed: boolean; onPress: () => void };

function Bar({ loss: { key, state, durationMs, count, cumulative }, most, name, pressed, onPress }: BarProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <li>
      <button type="button" className="pareto-bar" data-loss={key} data-explained={name !== undefined} data-state={state} aria-pressed={pressed} onClick={onPress}>
        <span className="pareto-head">
          <StateShape state={state} />
          <span className="pareto-name">{name === undefined ? <b className="unclassified">{t('board.unclassified')}</b> : <b className="font-semibold">{name}</b>} <span className="text-muted">{t(`state.${state}`)}</span></span>
          <b className="pareto-time">{formats.age(durationMs)}</b>
        </span>
        <span className="pareto-track" aria-hidden="true"><span style={{ inlineSize: `${(durationMs / most) * 100}%` }} /></span>
        <span className="pareto-foot"><span>{t('line.stopCount', { count })}</span><span>{t('line.cumulative', { ratio: formats.ratio(cumulative) })}</span></span>
      </button>
    </li>
  );
}

/** One bar of the waterfall, where it lies in the planned busy time; a button if it opens something. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { StateShape } from '../../ui/shapes';
import type { Step } from './waterfall';

type LossBarProps = { step: Step; name: string; busyMs: number; pressed: boolean; action: (() => void) | null };

export function LossBar({ step, name, busyMs, pressed, action }: LossBarProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { key, kind, state, fromMs, toMs, durationMs, count, reason } = step;
  const percent = (ms: number) => `${busyMs > 0 ? (ms / busyMs) * 100 : 0}%`;
  const unclassified = kind === 'stop' && reason === undefined;
  const content = (
    <>
      <span className="pareto-head">
        {state !== undefined && <StateShape state={state} />}
        <span className="pareto-name">{unclassified ? <b className="unclassified">{name}</b> : <b className="font-semibold">{name}</b>} {state !== undefined && <span className="text-muted">{t(`state.${state}`)}</span>}</span>
        <b className="pareto-time">{formats.exactSpan(durationMs)}</b>
      </span>
      <span className="kpi-fall" aria-hidden="true"><span style={{ insetInlineStart: percent(fromMs), inlineSize: percent(toMs - fromMs) }} /></span>
      <span className="pareto-foot"><span>{kind === 'stop' ? t('line.stopCount', { count }) : ''}</span><span>{busyMs > 0 ? t('kpi.lossShare', { ratio: formats.exactRatio(durationMs / busyMs) }) : ''}</span></span>
    </>
  );
  const data = { 'data-loss': key, 'data-kind': kind, 'data-explained': !unclassified };
  return (
    <li>
      {action === null ? <div className="pareto-bar" data-still {...data}>{content}</div> : <button type="button" className="pareto-bar" aria-pressed={kind === 'stop' ? pressed : undefined} onClick={action} {...data}>{content}</button>}
    </li>
  );
}

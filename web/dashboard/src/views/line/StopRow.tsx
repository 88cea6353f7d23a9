/** A stop in the list: what, where, when and why; opened, what can be done about it. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Age } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { NO_DATA } from '../../format/format';
import { reasonName } from '../../stops/api';
import { StateShape } from '../../ui/shapes';
import type { Place } from './Line';
import { StopPanel } from './StopPanel';
import type { Draft, ShownStop } from './stops';
import type { Stops } from './useStops';

type StopRowProps = { stop: ShownStop; machine: string; state: Stops; place: Place; draft: Draft | undefined; open: boolean; onToggle: (id: string | null) => void };

export const StopRow = memo(function StopRow({ stop, machine, state, place, draft, open, onToggle }: StopRowProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const from = useDataText((now) => formats.exactMoment(stop.from, now));
  const explained = stop.reason !== undefined;
  return (
    <li className="stop" data-stop={stop.id} data-open={stop.open} data-classified={explained} data-selected={open}>
      <button type="button" className="stop-head" aria-expanded={open} onClick={() => { onToggle(open ? null : stop.id); }}>
        <StateShape state={stop.state} className="mt-[0.2em]" />
        <span className="min-w-0">
          <span className="stop-main">
            <span>{t(`state.${stop.state}`)}</span>
            {stop.reason === undefined ? <b className="unclassified">{t('board.unclassified')}</b> : <b className="font-semibold">{reasonName(state.reasons, stop.reason)}</b>}
            {draft?.phase === 'sending' && <span className="text-muted">{t('line.saving')}</span>}
          </span>
          <span className="stop-where">{machine}</span>
          {stop.comment !== undefined && <span className="stop-comment">{stop.comment}</span>}
        </span>
        <span className="stop-times">
          <b className="font-semibold">{stop.open ? <Age since={stop.from} /> : stop.to === undefined ? NO_DATA : formats.age(stop.to - stop.from)}</b>
          <span className="stop-when">
            <span className="text-muted">{stop.open ? t('line.lastsSince', { time: from }) : from}</span>
            {!explained && state.mayChange && !open && <span className="stop-call" aria-hidden="true">{t('line.classify')} ›</span>}
          </span>
        </span>
      </button>
      {draft?.phase === 'failed' && <p role="alert" className="form-error stop-failure">{draft.failure}</p>}
      {open && <StopPanel stop={stop} machine={machine} state={state} place={place} draft={draft} />}
    </li>
  );
});

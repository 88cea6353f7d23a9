/** An opened stop: its reason to be chosen, its comment, a cut in two, and the log events it is made of. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { type StopChange, stopQuery } from '../../stops/api';
import { CommentDialog } from '../../stops/CommentDialog';
import { EventList } from '../../stops/EventList';
import { ReasonPicker } from '../../stops/ReasonPicker';
import { SplitDialog } from '../../stops/SplitDialog';
import type { Place } from './Line';
import type { Draft, ShownStop } from './stops';
import type { Stops } from './useStops';

type StopPanelProps = { stop: ShownStop; machine: string; state: Stops; place: Place; draft: Draft | undefined };

export function StopPanel({ stop, machine, state, place, draft }: StopPanelProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const about = `${machine} · ${t(`state.${stop.state}`)} · ${formats.dayAndClock(stop.from)}`;
  const pick = (reason: string | null) => { if (reason !== (stop.reason ?? null)) void state.change(stop.id, { reason }); };
  return (
    <div className="stop-panel" data-testid="stop-panel">
      {stop.classified_by !== undefined && stop.classified_at !== undefined && <p className="text-muted">{t('line.classifiedBy', { who: stop.classified_by, time: formats.dayAndClock(stop.classified_at) })}</p>}
      {state.mayChange && (
        <>
          <ReasonPicker reasons={state.reasons} current={stop.reason} label={t('line.reasonOf', { stop: about })} size="small" onPick={pick} onClear={stop.reason === undefined ? undefined : () => { pick(null); }} />
          <Dialogs stop={stop} about={about} state={state} place={place} draft={draft} />
        </>
      )}
      <Events id={stop.id} place={place} />
    </div>
  );
}

type DialogsProps = Omit<StopPanelProps, 'machine'> & { about: string };

/** A dialog stays open until the hub has taken what was said in it. */
function Dialogs({ stop, about, state, place, draft }: DialogsProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'split' | 'comment' | null>(null);
  const save = async (change: StopChange) => { if (await state.change(stop.id, change)) setOpen(null); };
  const close = (wanted: boolean) => { if (!wanted) setOpen(null); };
  const common = { about, error: draft?.phase === 'failed' ? draft.failure : undefined, busy: draft?.phase === 'sending', onOpenChange: close };
  return (
    <div className="stop-actions">
      <button type="button" className="button" onClick={() => { setOpen('comment'); }}>{t(stop.comment === undefined ? 'line.addComment' : 'line.changeComment')}</button>
      <button type="button" className="button" onClick={() => { setOpen('split'); }}>{t('line.splitStop')}</button>
      <CommentDialog open={open === 'comment'} comment={stop.comment} {...common} onSave={(comment) => { void save({ comment }); }} />
      <SplitDialog open={open === 'split'} stop={stop} timeZone={place.timeZone} {...common} onSplit={(at) => { void save({ split_at: at }); }} />
    </div>
  );
}

function Events({ id, place }: { id: string; place: Place }) {
  const { t } = useTranslation();
  const { data, isPending, isError } = useQuery(stopQuery(api, place, id));
  return (
    <details className="stop-events" open>
      <summary>{t('line.events')}</summary>
      {isError && <p role="alert" className="form-error">{t('line.eventsFailed')}</p>}
      {isPending && <p className="text-muted">{t('app.loading')}</p>}
      {data !== undefined && <EventList events={data.events} label={t('line.events')} timeZone={place.timeZone} testId="stop-events" />}
    </details>
  );
}

/** Cuts a stop in two, so that each part can have a reason of its own. */
import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useMemo } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useDataNow, useFormats } from '../app/hooks';
import { Dialog } from '../ui/Dialog';
import { z } from '../zod';
import { type Cut, cutsOf, nearestCut } from './split';
import './stops.css';

export type SplitDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Which stop, in words: machine, state and time. */
  about: string;
  /** `to` is absent while the stop lasts; epoch milliseconds. */
  stop: { from: number; to?: number | undefined };
  timeZone: string | undefined;
  error?: string | undefined;
  busy?: boolean;
  /** The moment of the cut, epoch milliseconds. */
  onSplit: (at: number) => void;
};

export function SplitDialog({ open, onOpenChange, about, ...rest }: SplitDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('stops.splitTitle')} about={about}>
      <SplitBody {...rest} onCancel={() => { onOpenChange(false); }} />
    </Dialog>
  );
}

type BodyProps = Omit<SplitDialogProps, 'open' | 'onOpenChange' | 'about'> & { onCancel: () => void };

function SplitBody({ stop, ...rest }: BodyProps) {
  const { t } = useTranslation();
  const now = useDataNow();
  const cut = cutsOf(stop.from, stop.to ?? now);
  if (cut === undefined) return <p className="text-muted">{t('stops.tooShort')}</p>;
  return <SplitForm stop={stop} end={stop.to ?? now} cut={cut} {...rest} />;
}

function SplitForm({ stop, end, cut, timeZone, error, busy = false, onSplit, onCancel }: BodyProps & { end: number; cut: Cut }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const id = useId();
  const { minMs, maxMs, stepMs } = cut;
  const resolver = useMemo(() => zodResolver(z.object({ afterMs: z.number().min(minMs).max(maxMs) })), [minMs, maxMs]);
  const { register, handleSubmit, setValue, control } = useForm({ resolver, defaultValues: { afterMs: nearestCut(cut, (end - stop.from) / 2) } });
  const afterMs = useWatch({ control, name: 'afterMs' });
  const at = stop.from + afterMs;
  const time = (ms: number) => (stepMs < 60_000 ? formats.clockSeconds(ms) : formats.moment(ms, end));
  const move = (byMs: number) => { setValue('afterMs', nearestCut(cut, afterMs + byMs)); };
  const submit = handleSubmit((values) => { onSplit(stop.from + values.afterMs); });
  const step = formats.age(stepMs);
  return (
    <form className="dialog-form" noValidate onSubmit={(event) => { void submit(event); }}>
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">{t('stops.splitAt', { time: time(at) })}</label>
        <div className="split-range">
          <button type="button" className="button" aria-label={t('stops.earlier', { step })} onClick={() => { move(-stepMs); }}>− {step}</button>
          <input id={id} type="range" className="split-slider" min={minMs} max={maxMs} step={stepMs} aria-valuetext={time(at)} {...register('afterMs', { valueAsNumber: true })} />
          <button type="button" className="button" aria-label={t('stops.later', { step })} onClick={() => { move(stepMs); }}>+ {step}</button>
        </div>
      </div>
      <div className="split-parts">
        <p className="split-part">{t('stops.firstPart')}<b>{time(stop.from)} – {time(at)}</b>{formats.age(afterMs)}</p>
        <p className="split-part">{t('stops.secondPart')}<b>{time(at)} – {stop.to === undefined ? t('stops.lasting') : time(stop.to)}</b>{formats.age(end - at)}</p>
      </div>
      {error !== undefined && <p role="alert" className="form-error">{error}</p>}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>{t('stops.cancel')}</button>
        <button type="submit" className="button button-primary" disabled={busy}>{t('stops.split')}</button>
      </div>
    </form>
  );
}

/** Scrap on a number pad: the machine, the quantity, and one button that says what it will do. */
import { zodResolver } from '@hookform/resolvers/zod';
import { useId } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { Dialog } from '../../ui/Dialog';
import { z } from '../../zod';
import type { Machine } from '../line/data';
import { normal, scrapQuantity, SEPARATOR, typed } from './quantity';

export type Scrap = { machine: string; quantity: number };

type ScrapDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  machines: readonly Pick<Machine, 'code' | 'name'>[];
  /** What is filled in at first. */
  initial: { machine: string | undefined; quantity?: number };
  error?: string | undefined;
  busy: boolean;
  onEnter: (scrap: Scrap) => void;
};

const form = z.object({ machine: z.string().min(1), quantity: scrapQuantity });
const KEYS = ['7', '8', '9', '4', '5', '6', '1', '2', '3', SEPARATOR, '0', 'Backspace'] as const;

export function ScrapDialog({ open, onOpenChange, ...rest }: ScrapDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('terminal.scrapTitle')}>
      <ScrapForm {...rest} />
    </Dialog>
  );
}

function ScrapForm({ machines, initial, error, busy, onEnter }: Omit<ScrapDialogProps, 'open' | 'onOpenChange'>) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const only = machines.length === 1 ? machines[0]?.code : undefined;
  const { register, handleSubmit, setValue, control, formState: { errors } } = useForm({
    resolver: zodResolver(form),
    defaultValues: { machine: initial.machine ?? only ?? '', quantity: initial.quantity === undefined ? '' : String(initial.quantity) },
  });
  const quantity = useWatch({ control, name: 'quantity' });
  const set = (text: string) => { setValue('quantity', text, { shouldValidate: errors.quantity !== undefined }); };
  const submit = handleSubmit(onEnter);
  const isReady = scrapQuantity.safeParse(quantity).success;
  return (
    <form className="dialog-form" noValidate onSubmit={(event) => { void submit(event); }}>
      <fieldset className="scrap-machines">
        <legend className="font-medium">{t('terminal.machine')}</legend>
        {machines.map(({ code, name }) => (
          <label key={code} className="scrap-machine">
            <input type="radio" value={code} className="scrap-radio" {...register('machine')} />
            <span className="min-w-0">{name}</span>
          </label>
        ))}
      </fieldset>
      {errors.machine !== undefined && <p role="alert" className="form-error">{t('terminal.chooseMachine')}</p>}
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">{t('terminal.quantity')}</label>
        <input id={id} className="input scrap-quantity" inputMode="none" autoComplete="off" value={quantity.replace(SEPARATOR, formats.separator)} aria-invalid={errors.quantity !== undefined} aria-describedby={errors.quantity === undefined ? undefined : `${id}-error`} onChange={({ target }) => { set(normal(target.value) ?? quantity); }} />
        {errors.quantity !== undefined && <p id={`${id}-error`} role="alert" className="text-bad">{t('terminal.enterQuantity')}</p>}
      </div>
      <div className="scrap-pad">
        {KEYS.map((key) => (
          <button key={key} type="button" className="button scrap-key" aria-label={key === 'Backspace' ? t('terminal.deleteDigit') : undefined} onClick={() => { set(typed(quantity, key)); }}>
            {key === 'Backspace' ? '⌫' : key === SEPARATOR ? formats.separator : key}
          </button>
        ))}
      </div>
      {error !== undefined && <p role="alert" className="form-error">{error}</p>}
      <button type="submit" className="button button-primary terminal-button" aria-disabled={busy}>{isReady ? t('terminal.bookQuantity', { quantity: formats.quantity(Number(quantity)) }) : t('terminal.bookScrap')}</button>
    </form>
  );
}

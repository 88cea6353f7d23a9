/** A new credential: a name, and what it may speak for. */
import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { HubProblem } from '../../api/problem';
import { api } from '../../app/services';
import { Dialog } from '../../ui/Dialog';
import { z } from '../../zod';
import { createDevice, type Credential, scopeText } from './devices';
import { namedQuery, useFault } from './hooks';
import type { Filter } from './tail';

/** The longest name that the hub takes. */
const MAX_NAME = 255;
const form = z.object({
  name: z.string().trim().min(1, 'missing').max(MAX_NAME, 'long'),
  /** A line of the site, or one of the two below. */
  line: z.string(),
  machine: z.string(),
});
type Form = z.infer<typeof form>;
/** Neither can be the code of a line. */
const COMPANY = '*company';
const SITE = '';

type CredentialFormProps = { site: string; filter: Filter; everywhere: boolean; onMade: (credential: Credential) => void; onClose: () => void };

export function CredentialForm({ site, filter, everywhere, onMade, onClose }: CredentialFormProps) {
  const { t } = useTranslation();
  const fault = useFault();
  const { register, handleSubmit, setError, setValue, control, formState } = useForm<Form>({ resolver: zodResolver(form), defaultValues: { name: '', line: filter.line, machine: filter.line === '' ? '' : filter.machine } });
  const line = useWatch({ control, name: 'line' });
  const ofLine = line !== COMPANY && line !== SITE;
  const { data: lines = [] } = useQuery(namedQuery(api, site));
  const { data: machines = [] } = useQuery({ ...namedQuery(api, site, line), enabled: ofLine });
  const { errors, isSubmitting } = formState;
  const submit = handleSubmit(async (values) => {
    const scope = values.line === COMPANY ? '' : scopeText(site, values.line, values.machine);
    try {
      onMade(await createDevice(api, values.name, scope));
    } catch (cause) {
      const ofName = cause instanceof HubProblem ? cause.fields.find(({ field }) => field === 'name') : undefined;
      if (ofName !== undefined) setError('name', { type: 'server', message: ofName.detail });
      else setError('root', { message: fault(cause instanceof Error ? cause : new Error(String(cause))) });
    }
  });
  const nameError = errors.name === undefined ? undefined : errors.name.type === 'server' ? errors.name.message : t(errors.name.message === 'long' ? 'messages.device.nameTooLong' : 'messages.device.nameMissing');
  const codes = (named: typeof lines) => named.map(({ code, name }) => <option key={code} value={code}>{name === code ? code : `${name} (${code})`}</option>);
  return (
    <Dialog open onOpenChange={(open) => { if (!open) onClose(); }} title={t('messages.device.add')}>
      <form className="dialog-form" noValidate onSubmit={(event) => { void submit(event); }}>
        <Field label={t('messages.device.name')} hint={t('messages.device.nameHint')} error={nameError}>
          {(id, described) => <input id={id} className="input" autoComplete="off" aria-required="true" aria-invalid={nameError !== undefined} aria-describedby={described} {...register('name')} />}
        </Field>
        <Field label={t('messages.device.scope')}>
          {(id) => (
            <select id={id} className="input" {...register('line', { onChange: () => { setValue('machine', ''); } })}>
              {everywhere && <option value={COMPANY}>{t('messages.device.wholeCompany')}</option>}
              <option value={SITE}>{t('messages.device.wholeSite')}</option>
              {ofLine && !lines.some(({ code }) => code === line) && <option value={line}>{line}</option>}
              {codes(lines)}
            </select>
          )}
        </Field>
        {ofLine && (
          <Field label={t('messages.filter.machine')}>
            {(id) => <select id={id} className="input" {...register('machine')}><option value="">{t('messages.device.wholeLine')}</option>{codes(machines)}</select>}
          </Field>
        )}
        {errors.root?.message !== undefined && <p role="alert" className="form-error">{errors.root.message}</p>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>{t('messages.cancel')}</button>
          <button type="submit" className="button button-primary" disabled={isSubmitting}>{t(isSubmitting ? 'messages.device.creating' : 'messages.device.create')}</button>
        </div>
      </form>
    </Dialog>
  );
}

type FieldProps = { label: string; hint?: string; error?: string | undefined; children: (id: string, described: string | undefined) => ReactNode };

function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].join(' ').trim();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">{label}</label>
      {children(id, described === '' ? undefined : described)}
      {hint !== undefined && <p id={`${id}-hint`} className="text-muted">{hint}</p>}
      {error !== undefined && <p id={`${id}-error`} className="text-bad">{error}</p>}
    </div>
  );
}

/** Signing in with email and password. */
import { zodResolver } from '@hookform/resolvers/zod';
import { useId } from 'react';
import { type FieldError, useForm, type UseFormRegisterReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Navigate, useSearchParams } from 'react-router';
import { useSession } from '../../app/hooks';
import { Menu } from '../../app/Menu';
import { session } from '../../app/services';
import { HubProblem } from '../../api/problem';
import { z } from '../../zod';
import { nextPath } from './next';

const form = z.object({ email: z.email(), password: z.string().min(1) });
type Form = z.infer<typeof form>;

export function Login() {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const status = useSession();
  if (status.name === 'signed_in' || status.name === 'restoring') return <Navigate to={nextPath(params.get('next'))} replace />;
  return (
    <main className="grid min-h-dvh place-content-center bg-page p-4">
      <div className="fixed top-3 right-3"><Menu /></div>
      <section className="panel w-[min(24rem,calc(100vw-2rem))] p-6">
        <p className="flex items-center gap-2 font-semibold text-muted">
          <img src="/favicon.svg" alt="" className="h-6 w-6" />
          {t('app.name')}
        </p>
        <h1 className="mt-4 text-[1.6rem] font-semibold">{t('login.title')}</h1>
        {status.reason !== 'none' && <p className="mt-2 text-muted">{t(`login.ended.${status.reason}`)}</p>}
        <LoginForm />
      </section>
    </main>
  );
}

function LoginForm() {
  const { t } = useTranslation();
  const { register, handleSubmit, setError, formState } = useForm<Form>({ resolver: zodResolver(form), defaultValues: { email: '', password: '' } });
  const { errors, isSubmitting } = formState;

  const submit = handleSubmit(async ({ email, password }) => {
    try {
      await session.login(email, password);
    } catch (cause) {
      for (const { field, detail } of cause instanceof HubProblem ? cause.fields : []) {
        if (field === 'email' || field === 'password') setError(field, { type: 'server', message: detail });
      }
      setError('root', { message: refusal(cause) });
    }
  });

  const refusal = (cause: unknown): string => {
    if (!(cause instanceof HubProblem)) return t('login.unreachable');
    if (cause.status === 401) return t('login.refused');
    if (cause.status === 429) return t('login.tooMany');
    return t('login.failed', { detail: cause.detail });
  };

  const message = (error: FieldError | undefined, invalid: string) => (error?.type === 'server' ? error.message : error && invalid);

  return (
    <form className="mt-5 grid gap-4" noValidate onSubmit={(event) => { void submit(event); }}>
      <Field label={t('login.email')} type="email" autoComplete="username" registration={register('email')} error={message(errors.email, t('login.emailInvalid'))} />
      <Field label={t('login.password')} type="password" autoComplete="current-password" registration={register('password')} error={message(errors.password, t('login.passwordMissing'))} />
      {errors.root?.message !== undefined && <p role="alert" className="form-error">{errors.root.message}</p>}
      <button type="submit" className="button button-primary" disabled={isSubmitting}>
        {isSubmitting ? t('login.submitting') : t('login.submit')}
      </button>
    </form>
  );
}

type FieldProps = { label: string; type: string; autoComplete: string; registration: UseFormRegisterReturn; error: string | undefined };

function Field({ label, type, autoComplete, registration, error }: FieldProps) {
  const id = useId();
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">{label}</label>
      <input id={id} type={type} autoComplete={autoComplete} className="input" aria-invalid={error !== undefined} aria-describedby={error === undefined ? undefined : `${id}-error`} {...registration} />
      {error !== undefined && <p id={`${id}-error`} className="text-bad">{error}</p>}
    </div>
  );
}

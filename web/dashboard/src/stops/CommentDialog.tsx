/** A free comment on a stop; an empty one takes the comment away. */
import { zodResolver } from '@hookform/resolvers/zod';
import { useId } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../app/hooks';
import { Dialog } from '../ui/Dialog';
import { z } from '../zod';
import { MAX_COMMENT } from './api';
import './stops.css';

const form = z.object({ comment: z.string().transform((text) => text.trim()).pipe(z.string().max(MAX_COMMENT)) });
type Form = z.input<typeof form>;

export type CommentDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Which stop, in words: machine, state and time. */
  about: string;
  comment: string | undefined;
  /** What was refused the last time, in words. */
  error?: string | undefined;
  busy?: boolean;
  onSave: (comment: string | null) => void;
};

export function CommentDialog({ open, onOpenChange, about, ...rest }: CommentDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('stops.commentTitle')} about={about}>
      <CommentForm {...rest} onCancel={() => { onOpenChange(false); }} />
    </Dialog>
  );
}

type CommentFormProps = Pick<CommentDialogProps, 'comment' | 'error' | 'busy' | 'onSave'> & { onCancel: () => void };

function CommentForm({ comment, error, busy = false, onSave, onCancel }: CommentFormProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const { register, handleSubmit, control, formState } = useForm({ resolver: zodResolver(form), mode: 'onChange', defaultValues: { comment: comment ?? '' } satisfies Form });
  const length = useWatch({ control, name: 'comment' }).trim().length;
  const tooLong = formState.errors.comment !== undefined;
  const submit = handleSubmit(({ comment: text }) => { onSave(text === '' ? null : text); });
  return (
    <form className="dialog-form" noValidate onSubmit={(event) => { void submit(event); }}>
      <div className="grid gap-1">
        <label htmlFor={id} className="font-medium">{t('stops.comment')}</label>
        <textarea id={id} className="input comment-text" rows={4} autoComplete="off" aria-invalid={tooLong} aria-describedby={`${id}-foot`} {...register('comment')} />
        <p id={`${id}-foot`} className="comment-foot">
          <span className={tooLong ? 'text-bad' : 'text-muted'}>{tooLong ? t('stops.commentTooLong', { n: MAX_COMMENT }) : t('stops.commentHint')}</span>
          <span className="text-muted" aria-hidden="true">{formats.quantity(length)} / {formats.quantity(MAX_COMMENT)}</span>
        </p>
      </div>
      {error !== undefined && <p role="alert" className="form-error">{error}</p>}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onCancel}>{t('stops.cancel')}</button>
        <button type="submit" className="button button-primary" disabled={busy}>{t('stops.saveComment')}</button>
      </div>
    </form>
  );
}

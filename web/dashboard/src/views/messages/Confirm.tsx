/** Asks before something that cannot be undone; says why it did not work, and stays. */
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { useFault } from './hooks';

type ConfirmProps = { title: string; text: string; action: string; onConfirm: () => Promise<void>; onClose: () => void };

export function Confirm({ title, text, action, onConfirm, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  const fault = useFault();
  const { mutate, isPending, error } = useMutation({ networkMode: 'always', mutationFn: onConfirm, onSuccess: onClose });
  return (
    <Dialog open onOpenChange={(open) => { if (!open) onClose(); }} title={title} about={text}>
      {error !== null && <p role="alert" className="form-error">{fault(error)}</p>}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>{t('messages.cancel')}</button>
        <button type="button" className="button button-primary" disabled={isPending} onClick={() => { mutate(); }}>{isPending ? t('messages.working') : action}</button>
      </div>
    </Dialog>
  );
}

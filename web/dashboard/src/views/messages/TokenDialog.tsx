/** Shows a credential with its token: the one time that the token can be seen. */
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import type { Credential } from './devices';

export function TokenDialog({ credential: { name, username, token }, onClose }: { credential: Credential; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog open onOpenChange={(open) => { if (!open) onClose(); }} title={t('messages.device.tokenTitle', { name })} about={t('messages.device.tokenText')}>
      <div className="dialog-form">
        <Copyable label={t('messages.device.username')} value={username} />
        <Copyable label={t('messages.device.token')} value={token} />
        <div className="dialog-actions">
          <button type="button" className="button button-primary" onClick={onClose}>{t('messages.device.done')}</button>
        </div>
      </div>
    </Dialog>
  );
}

/** Copies where the page may; elsewhere (no TLS) it selects the text, and the keyboard does the rest. */
function Copyable({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<'copied' | 'copyByHand' | null>(null);
  const byHand = () => { input.current?.focus(); input.current?.select(); setSaid('copyByHand'); };
  const copy = () => {
    // `navigator.clipboard` is missing where the page is not a secure context, whatever the type says.
    if (!('clipboard' in navigator)) byHand();
    else navigator.clipboard.writeText(value).then(() => { setSaid('copied'); }, byHand);
  };
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-medium">{label}</label>
      <div className="copyable">
        <input id={id} ref={input} className="input" readOnly value={value} spellCheck={false} />
        <button type="button" className="button" aria-label={t('messages.device.copyOf', { what: label })} onClick={copy}>{t('messages.device.copy')}</button>
      </div>
      <p role="status" className="copied">{said !== null && t(`messages.device.${said}`)}</p>
    </div>
  );
}

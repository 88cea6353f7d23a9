/** An entry in words. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import type { Action, Refusal } from '../../outbox/entry';

export function useEntryText(): (action: Action) => string {
  const { t } = useTranslation();
  const formats = useFormats();
  return (action) => {
    switch (action.kind) {
      case 'order':
        return t(`terminal.entry.${action.step}`, { order: action.order });
      case 'reason':
        return action.reason === null
          ? t('terminal.entry.noReason', { machine: action.machineName })
          : t('terminal.entry.reason', { machine: action.machineName, reason: action.reasonName ?? action.reason });
      case 'comment':
        return t('terminal.entry.comment', { machine: action.machineName, comment: action.comment ?? '–' });
      case 'scrap':
        return t('terminal.entry.scrap', { machine: action.machineName, quantity: formats.quantity(action.quantity) });
    }
  };
}

const KNOWN = ['illegal_transition', 'line_busy', 'unknown_order', 'unknown_machine', 'forbidden', 'out_of_scope'] as const;

/** Why the hub refused, in the user's language where the code says enough. */
export function useRefusalText(): (refusal: Refusal) => string {
  const { t } = useTranslation();
  return ({ code, detail }) => {
    const known = KNOWN.find((name) => name === code);
    return known === undefined ? t('terminal.refusal.other', { detail: detail || code }) : t(`terminal.refusal.${known}`);
  };
}

/** The reasons of a line as buttons, at most a screen of them: big for gloves, or small where a mouse is at hand. */
import { useTranslation } from 'react-i18next';
import { MAX_REASONS, type Reason } from './api';
import './stops.css';

export type ReasonPickerProps = {
  reasons: readonly Reason[];
  /** The code of the reason that holds. */
  current?: string | undefined;
  /** Says which stop it is about, to who cannot see it. */
  label: string;
  size?: 'large' | 'small';
  /** Seen but not pressed; it keeps the focus, so that a moment's pause does not lose the keyboard's place. */
  disabled?: boolean;
  onPick: (code: string) => void;
  /** Given where a reason may be taken away again. */
  onClear?: (() => void) | undefined;
};

export function ReasonPicker({ reasons, current, label, size = 'large', disabled = false, onPick, onClear }: ReasonPickerProps) {
  const { t } = useTranslation();
  if (reasons.length === 0) return <p className="text-muted">{t('stops.noReasons')}</p>;
  return (
    <div className="reasons" role="group" aria-label={label} data-size={size}>
      {reasons.slice(0, MAX_REASONS).map(({ code, name }) => (
        <button key={code} type="button" className="reason" aria-pressed={code === current} aria-disabled={disabled} onClick={() => { if (!disabled) onPick(code); }}>
          {code === current && <span className="reason-mark" aria-hidden="true">✓</span>}
          <span className="min-w-0">{name}</span>
        </button>
      ))}
      {onClear !== undefined && current !== undefined && (
        <button type="button" className="reason reason-clear" aria-disabled={disabled} onClick={() => { if (!disabled) onClear(); }}>{t('stops.clearReason')}</button>
      )}
    </div>
  );
}

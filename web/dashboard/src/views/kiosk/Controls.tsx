/** What there is to operate on a kiosk; it shows itself while somebody moves the pointer or uses the keyboard. */
import { useTranslation } from 'react-i18next';
import { ArrowShape, CloseShape, FullScreenShape, HeldShape, StateShape } from '../../ui/shapes';
import type { RotationEvent } from './rotation';
import { useFullscreen } from './screen';

type ControlsProps = { turns: boolean; paused: boolean; onEvent: (event: RotationEvent) => void; onLeave: () => void };

export function Controls({ turns, paused, onEvent, onLeave }: ControlsProps) {
  const { t } = useTranslation();
  const { available, full, toggle } = useFullscreen();
  return (
    <div role="toolbar" aria-label={t('kiosk.controls')} className="kiosk-controls">
      {turns && (
        <>
          <button type="button" className="button" aria-label={t('kiosk.previous')} title={t('kiosk.previous')} onClick={() => { onEvent({ type: 'turn', by: -1 }); }}><ArrowShape back /></button>
          <button type="button" className="button" aria-pressed={paused} onClick={() => { onEvent({ type: 'pause' }); }}>
            {paused ? <StateShape state="running" /> : <HeldShape />} {t(paused ? 'kiosk.resume' : 'kiosk.pause')}
          </button>
          <button type="button" className="button" aria-label={t('kiosk.following')} title={t('kiosk.following')} onClick={() => { onEvent({ type: 'turn', by: 1 }); }}><ArrowShape /></button>
        </>
      )}
      {available && (
        <button type="button" className="button" aria-pressed={full} onClick={toggle}>
          <FullScreenShape /> {t(full ? 'kiosk.window' : 'kiosk.fullScreen')}
        </button>
      )}
      <button type="button" className="button" onClick={onLeave}><CloseShape /> {t('kiosk.leave')}</button>
    </div>
  );
}

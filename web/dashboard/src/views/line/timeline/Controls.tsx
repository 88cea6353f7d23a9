/** Buttons that zoom and move the timeline, and what part of the period is shown. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../app/hooks';
import { pan, type Range, zoom } from './scale';

type ControlsProps = { shown: Range; bounds: Range; whole: boolean; set: (range: Range) => void; reset: () => void; timeZone: string | undefined };

export const STEP = 2;
/** How much of what is shown a step to the side moves. */
export const SIDE = 0.25;

export function Controls({ shown, bounds, whole, set, reset, timeZone }: ControlsProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const span = shown.to - shown.from;
  const middle = shown.from + span / 2;
  return (
    <div className="tl-controls">
      <span className="tl-shown" data-testid="timeline-range">{formats.moment(shown.from, shown.to)} – {formats.clock(shown.to)}</span>
      <div className="tl-buttons" role="group" aria-label={t('line.timelineView')}>
        <button type="button" className="button tl-button" aria-label={t('line.earlier')} disabled={shown.from <= bounds.from} onClick={() => { set(pan(shown, bounds, -span * SIDE)); }}><span aria-hidden="true">◀</span></button>
        <button type="button" className="button tl-button" aria-label={t('line.later')} disabled={shown.to >= bounds.to} onClick={() => { set(pan(shown, bounds, span * SIDE)); }}><span aria-hidden="true">▶</span></button>
        <button type="button" className="button tl-button" aria-label={t('line.zoomIn')} onClick={() => { set(zoom(shown, bounds, 1 / STEP, middle)); }}><span aria-hidden="true">+</span></button>
        <button type="button" className="button tl-button" aria-label={t('line.zoomOut')} disabled={whole} onClick={() => { set(zoom(shown, bounds, STEP, middle)); }}><span aria-hidden="true">−</span></button>
        <button type="button" className="button tl-button" disabled={whole} onClick={reset}>{t('line.whole')}</button>
      </div>
    </div>
  );
}

/** What each pattern of the timeline means; the patterns themselves are defined here. */
import { useTranslation } from 'react-i18next';
import { STATES } from '../../../vocabulary';
import { StateShape } from '../../../ui/shapes';

export function Legend() {
  const { t } = useTranslation();
  return (
    <ul className="tl-legend" aria-label={t('line.legend')}>
      {STATES.map((state) => (
        <li key={state}>
          <svg className="tl-swatch" viewBox="0 0 28 16" aria-hidden="true" focusable="false">
            {state === 'running' ? <rect className="tl-cell" data-state={state} y="10.5" width="28" height="5.5" /> : <rect className="tl-cell" data-state={state} width="28" height="16" />}
          </svg>
          <StateShape state={state} />
          {t(`state.${state}`)}
        </li>
      ))}
      <li>
        <svg className="tl-swatch" viewBox="0 0 28 16" aria-hidden="true" focusable="false"><rect className="tl-cell" data-state="down" width="28" height="16" /><path className="tl-mark" d="M10.5 0h7l-3.5 7z" /></svg>
        {t('board.unclassified')}
      </li>
      <li>
        <svg className="tl-swatch" viewBox="0 0 28 16" aria-hidden="true" focusable="false"><rect className="tl-planned" width="28" height="16" /></svg>
        {t('line.plannedStops')}
      </li>
    </ul>
  );
}

/** Defined once in the view; their colours follow the theme, and turn grey with stale data. */
export function Patterns() {
  return (
    <svg className="tl-patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="tl-idle" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect className="tl-ground" width="8" height="8" /><rect className="tl-ink" width="3" height="8" /></pattern>
        <pattern id="tl-setup" width="7" height="7" patternUnits="userSpaceOnUse"><rect className="tl-ground" width="7" height="7" /><circle className="tl-ink" cx="3.5" cy="3.5" r="1.7" /></pattern>
        <pattern id="tl-maintenance" width="8" height="8" patternUnits="userSpaceOnUse"><rect className="tl-ground" width="8" height="8" /><path className="tl-lines" d="M0 0 8 8M8 0 0 8" /></pattern>
        <pattern id="tl-offline" width="6" height="6" patternUnits="userSpaceOnUse"><rect className="tl-void" width="6" height="6" /><rect className="tl-dust" width="2" height="2" x="1" y="1" /></pattern>
        <pattern id="tl-planned" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect className="tl-still" width="6" height="6" /><rect className="tl-rain" width="1.5" height="6" /></pattern>
      </defs>
    </svg>
  );
}

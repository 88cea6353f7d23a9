/** All inputs of a piece of time. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { NO_DATA } from '../../format/format';
import type { Inputs as Values } from './data';

const TIMES = ['planned_ms', 'planned_stop_ms', 'unknown_ms', 'overtime_ms', 'planned_busy_ms', 'running_ms', 'idle_ms', 'setup_ms', 'down_ms', 'maintenance_ms', 'planned_run_ms'] as const satisfies readonly (keyof Values)[];
const QUANTITIES = ['good', 'scrap', 'produced', 'target'] as const satisfies readonly (keyof Values)[];

export function Inputs({ inputs }: { inputs: Values }) {
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <details className="kpi-inputs" open>
      <summary>{t('kpi.inputs')}</summary>
      <dl className="kpi-input-list">
        {TIMES.map((key) => <div key={key} data-input={key}><dt>{t(`kpi.input.${key}`)}</dt><dd>{formats.exactSpan(inputs[key])}</dd></div>)}
        {QUANTITIES.map((key) => <div key={key} data-input={key}><dt>{t(`kpi.input.${key}`)}</dt><dd>{inputs[key] === undefined ? NO_DATA : formats.quantity(inputs[key])}</dd></div>)}
      </dl>
    </details>
  );
}

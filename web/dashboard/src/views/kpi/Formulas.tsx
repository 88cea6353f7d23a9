/** OEE and its factors as ISO 22400-2 defines them, with the numbers of a piece of time put in. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import type { Piece } from './data';
import { Ratio } from './Ratio';

export function Formulas({ piece }: { piece: Piece }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { inputs, availability, effectiveness, quality } = piece;
  const time = (ms: number) => formats.exactSpan(ms);
  const running = time(inputs.running_ms);
  const capped = inputs.running_ms > 0 && inputs.planned_run_ms > inputs.running_ms;
  const percent = { availability: formats.exactRatio(availability), effectiveness: formats.exactRatio(effectiveness), quality: formats.exactRatio(quality) };
  const rows = [
    { key: 'oee', label: t('board.oee'), text: t('kpi.formula.oee', percent) },
    { key: 'availability', label: t('line.availability'), text: t('kpi.formula.availability', { running, busy: time(inputs.planned_busy_ms) }) },
    { key: 'effectiveness', label: t('line.effectiveness'), text: t('kpi.formula.effectiveness', { running, planned_run: time(inputs.planned_run_ms) }), note: capped ? t('kpi.capped') : undefined },
    { key: 'quality', label: t('line.quality'), text: t('kpi.formula.quality', { good: formats.quantity(inputs.good), produced: formats.quantity(inputs.produced) }) },
  ] as const;
  return (
    <dl className="kpi-formulas">
      {rows.map((row) => (
        <div key={row.key} data-formula={row.key}>
          <dt>{row.label}</dt>
          <dd className="kpi-result"><Ratio value={piece[row.key]} /></dd>
          <dd className="kpi-terms">= {row.text}</dd>
          {piece[row.key] === undefined && <dd className="kpi-note">{t(`kpi.missing.${row.key}`)}</dd>}
          {'note' in row && row.note !== undefined && <dd className="kpi-note">{row.note}</dd>}
        </div>
      ))}
      <div data-formula="busy">
        <dt>{t('kpi.busy')}</dt>
        <dd className="kpi-result">{time(inputs.planned_busy_ms)}</dd>
        <dd className="kpi-terms">= {t('kpi.formula.busy', { planned: time(inputs.planned_ms), unknown: time(inputs.unknown_ms), overtime: time(inputs.overtime_ms) })}</dd>
      </div>
    </dl>
  );
}

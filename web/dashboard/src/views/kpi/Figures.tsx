/** The span as a whole: OEE, its factors and counts, each of which opens into what it is made of. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { NO_DATA } from '../../format/format';
import type { Piece } from './data';

export function Figures({ total, busy, onOpen }: { total: Piece | null; busy: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const figures = [
    { key: 'oee', label: t('board.oee'), value: formats.exactRatio(total?.oee), meaning: t('line.meaning.oee') },
    { key: 'availability', label: t('line.availability'), value: formats.exactRatio(total?.availability), meaning: t('line.meaning.availability') },
    { key: 'effectiveness', label: t('line.effectiveness'), value: formats.exactRatio(total?.effectiveness), meaning: t('line.meaning.effectiveness') },
    { key: 'quality', label: t('line.quality'), value: formats.exactRatio(total?.quality), meaning: t('line.meaning.quality') },
    { key: 'good', label: t('kpi.good'), value: formats.quantity(total?.inputs.good) },
    { key: 'scrap', label: t('kpi.scrap'), value: formats.quantity(total?.inputs.scrap) },
    { key: 'unknown', label: t('kpi.unknownTime'), value: total === null ? NO_DATA : formats.exactSpan(total.inputs.unknown_ms) },
  ];
  return (
    <dl className="kpi-figures" data-testid="kpi-figures" aria-label={t('kpi.figures')} aria-busy={busy}>
      {figures.map(({ key, label, value, meaning }) => (
        <div key={key} data-figure={key}>
          <dt>{label}</dt>
          <dd><button type="button" className="kpi-figure" aria-label={t('kpi.openFigure', { figure: label, value: value === NO_DATA ? t('kpi.unknown') : value })} onClick={onOpen}>{value}</button></dd>
          {meaning !== undefined && <dd className="line-meaning">{meaning}</dd>}
        </div>
      ))}
    </dl>
  );
}

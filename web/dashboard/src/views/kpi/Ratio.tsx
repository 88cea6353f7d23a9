/** A ratio in percent; unknown says so, and below the target has a sign beside its colour. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';

export function Ratio({ value, below = false }: { value: number | undefined; below?: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (value === undefined) return <span className="kpi-unknown">{t('kpi.unknown')}</span>;
  if (!below) return formats.exactRatio(value);
  return <span className="kpi-below"><span aria-hidden="true">▼ </span>{formats.exactRatio(value)}<span className="sr-only"> {t('kpi.below')}</span></span>;
}

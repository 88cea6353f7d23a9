/** The same as the chart, in numbers: every bucket with its ratios and counts; each opens into what it is made of. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import type { Piece } from './data';
import { usePeriod } from './hooks';
import { withinDay } from './period';
import { Ratio } from './Ratio';
import type { Bucket } from './span';

type BucketsProps = { pieces: readonly Piece[]; bucket: Bucket; target: number | undefined; now: number; timeZone: string | undefined; opened: number | null; onOpen: (from: number) => void; loading: boolean };

export function Buckets({ pieces, bucket, target, now, timeZone, opened, onOpen, loading }: BucketsProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const period = usePeriod(bucket, timeZone, withinDay(pieces, formats));
  const title = t('kpi.table', { bucket: t(`kpi.buckets.${bucket}`) });
  return (
    <div className="kpi-scroll" role="region" aria-label={title} tabIndex={0}>
      <table className="hours kpi-table" data-testid="kpi-table" aria-busy={loading}>
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('kpi.period')}</th><th scope="col">{t('board.oee')}</th><th scope="col">{t('line.availability')}</th><th scope="col">{t('line.effectiveness')}</th>
            <th scope="col">{t('line.quality')}</th><th scope="col">{t('kpi.good')}</th><th scope="col">{t('kpi.scrap')}</th><th scope="col">{t('kpi.unknownTime')}</th>
          </tr>
        </thead>
        <tbody>
          {pieces.map((piece) => <Row key={piece.from} piece={piece} label={period(piece)} target={target} current={piece.to > now} opened={piece.from === opened} onOpen={onOpen} />)}
          {pieces.length === 0 && <tr><td colSpan={8} className="kpi-none">{t(loading ? 'app.loading' : 'kpi.nothing')}</td></tr>}
        </tbody>
      </table>
    </div>
  );
}

type RowProps = { piece: Piece; label: string; target: number | undefined; current: boolean; opened: boolean; onOpen: (from: number) => void };

const Row = memo(
  function Row({ piece, label, target, current, opened, onOpen }: RowProps) {
    const { t } = useTranslation();
    const formats = useFormats();
    const { inputs } = piece;
    return (
      <tr data-testid="kpi-bucket" data-current={current} data-open={opened}>
        <th scope="row">
          <button type="button" className="kpi-open" aria-pressed={opened} aria-label={t('kpi.openBucket', { period: label })} onClick={() => { onOpen(piece.from); }}>{label}</button>
          {current && <span className="hour-now">{t('kpi.inProgress')}</span>}
        </th>
        <td><Ratio value={piece.oee} below={target !== undefined && piece.oee !== undefined && piece.oee < target} /></td>
        <td><Ratio value={piece.availability} /></td>
        <td><Ratio value={piece.effectiveness} /></td>
        <td><Ratio value={piece.quality} /></td>
        <td>{formats.quantity(inputs.good)}</td>
        <td>{formats.quantity(inputs.scrap)}</td>
        <td data-some={inputs.unknown_ms > 0}>{formats.exactSpan(inputs.unknown_ms)}</td>
      </tr>
    );
  },
  (a, b) => a.piece === b.piece && a.label === b.label && a.target === b.target && a.current === b.current && a.opened === b.opened,
);

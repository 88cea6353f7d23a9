/** OEE bucket by bucket as columns, its factors as stepped lines; what is not known is a gap, never a column of nothing. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import type { Piece } from './data';
import { usePeriod } from './hooks';
import { shortPeriodOf } from './period';
import type { Bucket } from './span';
import { steps } from './steps';

type TrendProps = { pieces: readonly Piece[]; bucket: Bucket; target: number | undefined; now: number; timeZone: string | undefined; opened: number | null; onOpen: (from: number) => void };

const FACTORS = ['availability', 'effectiveness', 'quality'] as const;
const GRID = [0, 25, 50, 75, 100];
const MAX_TICKS = 6;
const DAY_MS = 86_400_000;

export function Trend({ pieces, bucket, target, now, timeZone, opened, onOpen }: TrendProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const period = usePeriod(bucket, timeZone);
  const [pointed, setPointed] = useState<number | null>(null);
  const count = pieces.length;
  const shown = pointed === null ? undefined : pieces[pointed];
  const days = ((pieces.at(-1)?.to ?? 0) - (pieces[0]?.from ?? 0)) / DAY_MS;
  const every = Math.max(1, Math.ceil(count / MAX_TICKS));
  return (
    <div className="kpi-trend">
      <ul className="kpi-legend-list">
        <li><span className="kpi-key" data-key="oee" aria-hidden="true" />{t('board.oee')}</li>
        {FACTORS.map((key) => <li key={key}><Sample factor={key} />{t(`line.${key}`)}</li>)}
        <li><span className="kpi-key" data-key="unknown" aria-hidden="true" />{t('kpi.unknown')}</li>
        {target !== undefined && <li><span className="kpi-key" data-key="target" aria-hidden="true" />{t('kpi.target', { ratio: formats.ratio(target) })}</li>}
      </ul>
      <div className="kpi-plot" role="img" aria-label={t('kpi.chart', { bucket: t(`kpi.buckets.${bucket}`) })} onPointerLeave={() => { setPointed(null); }}>
        <div className="kpi-scale" aria-hidden="true">{GRID.map((at) => <span key={at} style={{ insetBlockEnd: `${at}%` }}>{formats.ratio(at / 100)}</span>)}</div>
        <div className="kpi-canvas" aria-hidden="true">
          <svg viewBox={`0 0 ${Math.max(1, count)} 100`} preserveAspectRatio="none">
            {GRID.map((at) => <line key={at} className="kpi-grid" x1="0" x2={Math.max(1, count)} y1={100 - at} y2={100 - at} />)}
            {pieces.map((piece, index) => <Column key={piece.from} piece={piece} index={index} below={target !== undefined && piece.oee !== undefined && piece.oee < target} current={piece.to > now} opened={piece.from === opened} />)}
            {FACTORS.map((key) => <path key={key} className="kpi-curve" data-factor={key} d={steps(pieces.map((piece) => piece[key]))} />)}
            {target !== undefined && <line className="kpi-target" x1="0" x2={Math.max(1, count)} y1={100 - target * 100} y2={100 - target * 100} />}
            {pieces.map((piece, index) => <rect key={piece.from} className="kpi-hit" x={index} y="0" width="1" height="100" onPointerEnter={() => { setPointed(index); }} onClick={() => { onOpen(piece.from); }} />)}
          </svg>
          {shown !== undefined && pointed !== null && (
            <p className="trend-tip" data-side={pointed > count / 2 ? 'left' : 'right'} style={{ insetInlineStart: `${((pointed + 0.5) / count) * 100}%` }}>
              {period(shown)} · {t('board.oee')} {shown.oee === undefined ? t('kpi.unknown') : formats.exactRatio(shown.oee)}
            </p>
          )}
        </div>
        <div className="kpi-axis" aria-hidden="true">
          {pieces.map((piece, index) => (index % every === 0 && (index === 0 || index / count < 0.88) ? <span key={piece.from} style={{ insetInlineStart: `${(index / count) * 100}%` }}>{shortPeriodOf(piece, bucket, formats, days)}</span> : null))}
        </div>
      </div>
    </div>
  );
}

function Sample({ factor }: { factor: (typeof FACTORS)[number] }) {
  return <svg className="kpi-sample" viewBox="0 0 24 8" aria-hidden="true"><path className="kpi-curve" data-factor={factor} d="M0 4H24" /></svg>;
}

type ColumnProps = { piece: Piece; index: number; below: boolean; current: boolean; opened: boolean };

function Column({ piece: { oee }, index, below, current, opened }: ColumnProps) {
  const height = (oee ?? 1) * 100;
  return (
    <>
      {opened && <rect className="kpi-opened" x={index} y="0" width="1" height="100" />}
      <rect className="kpi-column" data-known={oee !== undefined} data-below={below} data-current={current} x={index + 0.12} width="0.76" y={100 - height} height={height} />
    </>
  );
}

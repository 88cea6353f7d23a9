/** What a number is made of: the formulas with their numbers put in, all inputs, the stops behind it, and the raw log. */
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import type { MachineName, Piece } from './data';
import { Behind } from './Behind';
import { Formulas } from './Formulas';
import { usePeriod } from './hooks';
import { Inputs } from './Inputs';
import type { Scope } from './Kpi';
import { spanText } from './period';
import { RawLog } from './RawLog';
import type { Place } from '../line/Line';

type DetailProps = {
  heading: RefObject<HTMLHeadingElement | null>;
  scope: Scope;
  place: Place;
  /** Null while it is not known. */
  piece: Piece | null;
  whole: boolean;
  machines: readonly MachineName[] | undefined;
  now: number;
  onWhole: () => void;
};

export function Detail({ heading, scope, place, piece, whole, machines, now, onWhole }: DetailProps) {
  const { t } = useTranslation();
  const formats = useFormats(place.timeZone);
  const period = usePeriod(scope.bucket, place.timeZone);
  const output = machines?.find((machine) => machine.output);
  return (
    <section aria-labelledby="kpi-detail" className="kpi-detail" data-testid="kpi-detail">
      <div className="kpi-section-head">
        <h2 id="kpi-detail" className="line-title kpi-detail-title" tabIndex={-1} ref={heading}>{t('kpi.detail')}</h2>
        {!whole && <button type="button" className="button" onClick={onWhole}>{t('kpi.wholeSpan')}</button>}
      </div>
      {piece !== null && (
        <p className="kpi-of tabular-nums">
          <b className="font-semibold">{whole ? `${t('kpi.wholeSpan')} · ${spanText(piece, formats)}` : period(piece)}</b>
          {piece.to > now && <span className="hour-now">{t('kpi.inProgress')}</span>}
        </p>
      )}
      {piece === null && <p className="text-muted">{t('kpi.nothing')}</p>}
      {piece !== null && (
        <>
          <Formulas piece={piece} />
          <Inputs inputs={piece.inputs} />
          <p className="line-meaning">{t('kpi.norm')} {machines !== undefined && (output === undefined ? t('kpi.timesOfAll') : t('kpi.timesOf', { machine: output.name }))}</p>
          {machines !== undefined && <Behind key={piece.from} title={t('kpi.stopsBehind')} place={place} range={piece} machines={machines} loss={null} />}
          <RawLog key={`log-${piece.from}-${piece.to}`} place={place} range={piece} current={piece.to > now} />
        </>
      )}
    </section>
  );
}

/** What the pointed-at state is, in words; a line that is always there, so that nothing moves. */
import { useTranslation } from 'react-i18next';
import { useDataNow, useFormats } from '../../../app/hooks';
import { type Reason, reasonName } from '../../../stops/api';
import { StateShape } from '../../../ui/shapes';
import { isStop, lengthOf, type Part } from './data';

type Words = { part: Part; reasons: readonly Reason[]; timeZone: string | undefined };

/** State, reason, from, to and length of a part of a row. */
export function usePartText(): (words: Words, now: number) => string {
  const { t } = useTranslation();
  const formats = useFormats();
  return ({ part, reasons }, now) => [t(`state.${part.state}`), reasonText(part, reasons, t('board.unclassified')), formats.age(lengthOf(part, now))].filter(Boolean).join(' · ');
}

function reasonText(part: Part, reasons: readonly Reason[], unclassified: string): string {
  if (part.reason !== undefined) return reasonName(reasons, part.reason);
  return isStop(part.state) ? unclassified : '';
}

type ReadoutProps = { part: Part | undefined; machine: string; reasons: readonly Reason[]; timeZone: string | undefined; note: string | undefined };

export function Readout({ part, machine, reasons, timeZone, note }: ReadoutProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const now = useDataNow();
  const text = usePartText();
  if (part === undefined) return <p className="tl-readout text-muted" role={note === undefined ? undefined : 'status'}>{note ?? t('line.timelineHint')}</p>;
  return (
    <p className="tl-readout" data-testid="timeline-readout" aria-hidden="true">
      <StateShape state={part.state} />
      <b className="font-semibold">{machine}</b>
      <span>{text({ part, reasons, timeZone }, now)}</span>
      <span className="text-muted">{formats.clockSeconds(part.from)} – {part.to === null ? t('stops.lasting') : formats.clockSeconds(part.to)}</span>
    </p>
  );
}

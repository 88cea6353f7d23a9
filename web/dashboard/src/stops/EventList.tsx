/** Log events as they were recorded, one a row: when, what kind, its number, and all of its data. */
import { useTranslation } from 'react-i18next';
import { useFormats } from '../app/hooks';
import type { StopEvent } from './api';

type EventListProps = { events: readonly StopEvent[]; label: string; timeZone: string | undefined; testId?: string; /** With the day they were recorded on. */ dated?: boolean };

export function EventList({ events, label, timeZone, testId, dated = false }: EventListProps) {
  return (
    <ol aria-label={label} data-testid={testId}>
      {events.map((event) => <Event key={event.seq} event={event} timeZone={timeZone} dated={dated} />)}
    </ol>
  );
}

function Event({ event: { seq, at, kind, data }, timeZone, dated }: { event: StopEvent; timeZone: string | undefined; dated: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  return (
    <li className="stop-event" data-kind={kind}>
      <span className="tabular-nums">{dated ? formats.dayAndClock(at) : formats.clockSeconds(at)}</span>
      <b className="font-semibold">{kind}</b>
      <span className="text-muted" title={t('line.logNumber')}>#{seq}</span>
      <code>{JSON.stringify(data)}</code>
    </li>
  );
}

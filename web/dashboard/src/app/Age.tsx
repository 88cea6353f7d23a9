/** How long ago something began, and when that was; a live age ticks, a stale one stands still. */
import { useTranslation } from 'react-i18next';
import { useDataText, useFormats } from './hooks';

export function Age({ since, short = false }: { since: number; short?: boolean }) {
  const formats = useFormats();
  return useDataText((now) => (short ? formats.shortAge : formats.age)(now - since));
}

type SinceProps = { since: number | undefined; timeZone: string | undefined; className?: string; /** Where room is short. */ short?: boolean };

/** The age, with the moment behind it; nothing where it is not known. */
export function Since({ since, timeZone, className, short = false }: SinceProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  if (since === undefined) return null;
  return (
    <time className={className} dateTime={new Date(since).toISOString()} title={t('board.since', { time: formats.dayAndClock(since) })}>
      <Age since={since} short={short} />
    </time>
  );
}

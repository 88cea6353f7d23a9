/** The time of the server, not of the tablet. */
import { useTranslation } from 'react-i18next';
import { useFormats, useServerNow } from './hooks';

export function ServerClock({ timeZone, className = '' }: { timeZone?: string | undefined; className?: string }) {
  const { t } = useTranslation();
  const now = useServerNow();
  return (
    <time className={`clock ${className}`} title={t('app.serverTime')} dateTime={new Date(now).toISOString()}>
      {useFormats(timeZone).clock(now)}
    </time>
  );
}

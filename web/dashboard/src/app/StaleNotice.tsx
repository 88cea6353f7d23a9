/** Says that what follows is not live, and up to when it was true. */
import { useTranslation } from 'react-i18next';
import type { Topic } from '../live/state';
import { useFormats, useServerNow } from './hooks';

export function StaleNotice({ topic, timeZone }: { topic: Topic; timeZone?: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const now = useServerNow();
  const since = topic.staleSince ?? topic.changedAt ?? now;
  return <p className="stale-notice">{t('board.stale', { time: formats.exactMoment(since, now), age: formats.age(now - since) })}</p>;
}

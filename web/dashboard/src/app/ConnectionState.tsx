/** The connection and the age of the data: always visible, in a colour only when something is wrong. */
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { ConnectionShape } from '../ui/shapes';
import { connectionOf, isStale } from '../live/view';
import { useFormats, useServerNow } from './hooks';
import { useLive } from './services';

export function ConnectionState({ timeZone }: { timeZone?: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const connection = useLive(useShallow(connectionOf));
  const since = 'since' in connection ? connection.since : null;
  const text = {
    connecting: t('connection.connecting'),
    live: t('connection.live'),
    reconnecting: t('connection.reconnecting', { time: formats.clockSeconds(since ?? 0) }),
    offline: since === null ? t('connection.offline') : t('connection.offlineSince', { time: formats.clockSeconds(since) }),
  }[connection.kind];
  return (
    <div className="connection-block">
      <span role="status" aria-label={t('connection.label')} data-connection={connection.kind} className="connection">
        <ConnectionShape kind={connection.kind} />
        <span>{text}</span>
      </span>
      <DataAge timeZone={timeZone} />
    </div>
  );
}

/** Changes every second, so it is kept out of the live region above. */
function DataAge({ timeZone }: { timeZone?: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const now = useServerNow();
  const { changedAt, staleSince } = useLive(
    useShallow((state) => {
      const topics = Object.values(state.topics);
      const stale = topics.filter(isStale).map((topic) => topic.staleSince ?? topic.changedAt ?? 0);
      const changes = topics.flatMap((topic) => topic.changedAt ?? []);
      return { staleSince: stale.length === 0 ? null : Math.min(...stale), changedAt: changes.length === 0 ? null : Math.max(...changes) };
    }),
  );
  if (staleSince === null && changedAt === null) return null;
  return (
    <span className="truncate text-[0.8em] text-muted tabular-nums max-sm:hidden" data-testid="data-age">
      {staleSince === null ? t('connection.changed', { age: formats.age(now - (changedAt ?? now)) }) : t('connection.asOf', { time: formats.exactMoment(staleSince, now) })}
    </span>
  );
}

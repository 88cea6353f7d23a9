/** One message of the tail: a line to read at a glance, and all of it on demand. */
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { NO_DATA } from '../../format/format';
import { Facts, Payload } from './Facts';
import { StatusShape } from './StatusShape';
import type { Entry } from './tail';

export const Message = memo(function Message({ entry, timeZone }: { entry: Entry; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const [open, setOpen] = useState(false);
  const { status, at, code, detail, payload, truncated, id, index, sender, topic } = entry;
  return (
    <li className="message" data-status={status} data-key={entry.key}>
      <details open={open} onToggle={(event) => { setOpen(event.currentTarget.open); }}>
        <summary className="message-line">
          <span className="message-status"><StatusShape status={status} /><span>{t(`messages.status.${status}`)}</span></span>
          <time className="message-time" dateTime={at === undefined ? undefined : new Date(at).toISOString()}>{at === undefined ? NO_DATA : formats.clockMillis(at)}</time>
          <Place entry={entry} />
          <span className="message-payload">{payload === '' ? t('messages.entry.empty') : payload}</span>
          {code !== undefined && <span className="message-reason"><b>{code}</b> {detail}</span>}
        </summary>
        {open && (
          <div className="message-body">
            <Facts
              facts={[
                [t('messages.entry.received'), at === undefined ? NO_DATA : formats.dayAndClock(at)],
                [t('messages.entry.topic'), topic],
                [t('messages.entry.sender'), sender],
                [t('messages.entry.id'), id ?? t('messages.entry.noId')],
                ...(index === undefined ? [] : [[t('messages.entry.index'), String(index)] as const]),
              ]}
            />
            <Payload payload={payload} truncated={truncated} />
          </div>
        )}
      </details>
    </li>
  );
});

/** Where it came from, as far as its topic says so. */
function Place({ entry: { line, machine, channel, topic } }: { entry: Entry }) {
  const { t } = useTranslation();
  if (channel === undefined) return <span className="message-place" title={t('messages.entry.badTopic')}>{topic}</span>;
  const parts = [line ?? t('messages.entry.site'), ...(machine === undefined ? [] : [machine]), channel];
  return <span className="message-place">{parts.join(' / ')}</span>;
}

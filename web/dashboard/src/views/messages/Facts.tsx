/** What there is to know of a message: names and values, and the payload as it was sent. */
import { useTranslation } from 'react-i18next';
import { pretty } from './tail';

export function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="message-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Payload({ payload, truncated }: { payload: string; truncated: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {/* A long payload scrolls sideways, also with the keyboard. */}
      <pre className="message-json" tabIndex={0} role="region" aria-label={t('messages.entry.payload')}>{payload === '' ? t('messages.entry.empty') : truncated ? payload : pretty(payload)}</pre>
      {truncated && <p className="text-muted">{t('messages.entry.truncated')}</p>}
    </>
  );
}

/** The devices of a site: who is connected since when, when each was last heard, and their credentials. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/services';
import { Notice } from '../../ui/Notice';
import { CredentialForm } from './CredentialForm';
import { DeviceRow } from './DeviceRow';
import { byScope, type Credential, deviceMatches, devicesQuery } from './devices';
import { useFault } from './hooks';
import type { Filter } from './tail';
import { TokenDialog } from './TokenDialog';

type DevicesProps = { site: string; filter: Filter; timeZone: string | undefined; everywhere: boolean };

export function Devices({ site, filter, timeZone, everywhere }: DevicesProps) {
  const { t } = useTranslation();
  const fault = useFault();
  const query = useInfiniteQuery(devicesQuery(api));
  const client = useQueryClient();
  const [withRevoked, setWithRevoked] = useState(false);
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<Credential | null>(null);
  const fetched = query.data?.pages;
  const all = useMemo(() => byScope((fetched ?? []).flatMap(({ items }) => items)), [fetched]);
  const ofSite = all.filter((device) => deviceMatches(device, site, { line: '', machine: '', status: 'all', text: '' }));
  const found = all.filter((device) => deviceMatches(device, site, filter));
  const revoked = found.filter(({ revoked_at: at }) => at !== undefined).length;
  const rows = withRevoked ? found : found.filter(({ revoked_at: at }) => at === undefined);
  const changed = () => { void client.invalidateQueries({ queryKey: ['devices'] }); };
  const made = (credential: Credential) => { setAdding(false); setShown(credential); changed(); };
  if (query.isPending) return <Notice level={2} title={t('app.loading')} busy />;
  return (
    <section aria-label={t('messages.devices')} className="grid gap-2">
      {query.isError && <p role="alert" className="form-error">{fault(query.error)}</p>}
      <div className="messages-controls">
        <button type="button" className="button button-primary" onClick={() => { setAdding(true); }}>{t('messages.device.add')}</button>
        {revoked > 0 && (
          <label className="chip">
            <input type="checkbox" className="sr-only" checked={withRevoked} onChange={(event) => { setWithRevoked(event.target.checked); }} />
            {t('messages.device.showRevoked', { n: revoked })}
          </label>
        )}
      </div>
      {ofSite.length === 0 && <Notice level={2} title={t('messages.device.none')}>{t('messages.device.noneHint')}</Notice>}
      {ofSite.length > 0 && rows.length === 0 && <p className="text-muted">{t('messages.device.noMatch')}</p>}
      <ul className="devices" aria-label={t('messages.device.list')}>
        {rows.map((device) => <DeviceRow key={device.username} device={device} timeZone={timeZone} onToken={made} onRevoked={changed} />)}
      </ul>
      {query.hasNextPage && (
        <button type="button" className="button more" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>
          {query.isFetchingNextPage ? t('app.loading') : t('messages.device.more')}
        </button>
      )}
      {adding && <CredentialForm site={site} filter={filter} everywhere={everywhere} onMade={made} onClose={() => { setAdding(false); }} />}
      {shown !== null && <TokenDialog credential={shown} onClose={() => { setShown(null); }} />}
    </section>
  );
}

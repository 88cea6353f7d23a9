/** The terminal of one line: what it does, its orders, why it stands, and scrap; in big targets, with or without a connection. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { meQuery, sitesQuery } from '../../api/queries';
import { AsOf } from '../../app/hooks';
import { api } from '../../app/services';
import { StaleNotice } from '../../app/StaleNotice';
import type { JsonObject } from '../../live/merge';
import type { Topic } from '../../live/state';
import { isForbidden } from '../../live/topics';
import { isStale } from '../../live/view';
import type { Owner } from '../../outbox/entry';
import { STOP_ROLES } from '../../stops/api';
import { Notice } from '../../ui/Notice';
import { readLine } from '../line/data';
import { EntryBar } from './EntryBar';
import { Head } from './Head';
import { useLastKnownTopic } from './lastKnown';
import { OrderPanel } from './OrderPanel';
import { StopPanel } from './StopPanel';
import { useEnter } from './useEnter';
import { useEntries } from './useEntries';
import './terminal.css';

export type Place = { site: string; line: string; timeZone: string | undefined };

const NOBODY: Owner = { user: '', tenant: '' };

export function Terminal() {
  const { t } = useTranslation();
  const { site = '', line = '' } = useParams();
  const topic = useLastKnownTopic(`line/${site}/${line}`);
  if (topic?.data !== null && topic?.data !== undefined) return <View key={`${site}/${line}`} site={site} line={line} topic={topic} data={topic.data} />;
  if (topic?.status !== 'refused') return <Notice title={t('app.loading')} busy />;
  const { code = '', detail = '' } = topic.refusal ?? {};
  const back = <Link className="button" to={`/sites/${encodeURIComponent(site)}`}>{t('problem.toBoard')}</Link>;
  if (isForbidden(code)) return <Notice title={t('problem.noPermission')} action={back}>{t('problem.noPermissionHint', { site })}</Notice>;
  if (/unknown|not_found|invalid/.test(code)) return <Notice title={t('line.unknown')} action={back}>{t('line.unknownHint', { line, site })}</Notice>;
  return <Notice title={t('line.notServed')} action={back}>{detail || code}</Notice>;
}

function View({ site, line, topic, data }: { site: string; line: string; topic: Topic; data: JsonObject }) {
  const { t } = useTranslation();
  const { data: sites } = useQuery({ ...sitesQuery(api), gcTime: Infinity });
  const { data: me } = useQuery({ ...meQuery(api), gcTime: Infinity });
  const known = sites?.find(({ code }) => code === site);
  const read = useMemo(() => readLine(data), [data]);
  const place: Place = useMemo(() => ({ site, line, timeZone: known?.time_zone }), [site, line, known?.time_zone]);
  const mayEnter = me?.roles.some((role) => STOP_ROLES.includes(role)) ?? false;
  const owner: Owner = useMemo(() => (me === undefined ? NOBODY : { user: me.id, tenant: me.tenant }), [me]);
  const entries = useEntries(owner, place);
  const entering = useEnter(mayEnter ? owner : null, place);
  const name = read.head.name ?? line;
  const stale = isStale(topic);
  return (
    <AsOf value={stale ? (topic.staleSince ?? topic.changedAt) : null}>
      <div className="terminal" data-stale={stale}>
        <title>{`${t('terminal.title', { line: name })} · ${t('app.name')}`}</title>
        <div className="terminal-body">
          {stale && <StaleNotice topic={topic} timeZone={place.timeZone} />}
          {me !== undefined && !mayEnter && <p className="stale-notice">{t('terminal.lookOnly')}</p>}
          <Head read={read} name={name} entered={entries.entered} place={place} />
          <div className="terminal-columns">
            <StopPanel stops={read.stops} machines={read.machines} entered={entries.entered} place={place} entering={entering} />
            <OrderPanel running={read.order} entered={entries.entered} place={place} entering={entering} />
          </div>
        </div>
        <EntryBar entries={entries} machines={read.machines} place={place} entering={entering} />
      </div>
    </AsOf>
  );
}

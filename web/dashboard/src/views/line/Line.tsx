/** A line: what it does, its order and shift, what needs a hand, its machines, and its measures over time. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { sitesQuery } from '../../api/queries';
import { AsOf, useTopic } from '../../app/hooks';
import { api } from '../../app/services';
import { StaleNotice } from '../../app/StaleNotice';
import type { JsonObject } from '../../live/merge';
import type { Topic } from '../../live/state';
import { isForbidden } from '../../live/topics';
import { isStale } from '../../live/view';
import { Notice } from '../../ui/Notice';
import { readLine } from './data';
import { Head } from './Head';
import { Machines } from './Machines';
import { ShiftView } from './ShiftView';
import { Trends } from './Trends';
import './line.css';

export type Place = { site: string; line: string; timeZone: string | undefined };

export function Line() {
  const { t } = useTranslation();
  const { site = '', line = '' } = useParams();
  const topic = useTopic(`line/${site}/${line}`);
  const key = `${site}/${line}`;
  if (topic?.data !== null && topic?.data !== undefined) return <View key={key} site={site} line={line} topic={topic} data={topic.data} />;
  if (topic?.status !== 'refused') return <Notice title={t('app.loading')} busy />;
  return <Refused site={site} line={line} topic={topic} />;
}

function Refused({ site, line, topic }: { site: string; line: string; topic: Topic }) {
  const { t } = useTranslation();
  const { code = '', detail = '' } = topic.refusal ?? {};
  const back = <Link className="button" to={`/sites/${encodeURIComponent(site)}`}>{t('problem.toBoard')}</Link>;
  if (isForbidden(code)) return <Notice title={t('problem.noPermission')} action={back}>{t('problem.noPermissionHint', { site })}</Notice>;
  if (/unknown|not_found|invalid/.test(code)) return <Notice title={t('line.unknown')} action={back}>{t('line.unknownHint', { line, site })}</Notice>;
  return <Notice title={t('line.notServed')} action={back}>{detail || code}</Notice>;
}

function View({ site, line, topic, data }: { site: string; line: string; topic: Topic; data: JsonObject }) {
  const { t } = useTranslation();
  const { data: sites } = useQuery(sitesQuery(api));
  const known = sites?.find(({ code }) => code === site);
  const read = useMemo(() => readLine(data), [data]);
  const timeZone = known?.time_zone;
  const place = useMemo((): Place => ({ site, line, timeZone }), [site, line, timeZone]);
  const name = read.head.name ?? line;
  const stale = isStale(topic);
  return (
    <AsOf value={stale ? (topic.staleSince ?? topic.changedAt) : null}>
      <div className="line-view" data-stale={stale}>
        <title>{`${name} · ${known?.name ?? site} · ${t('app.name')}`}</title>
        {stale && <StaleNotice topic={topic} timeZone={timeZone} />}
        <Head read={read} name={name} place={place} siteName={known?.name ?? site} />
        <ShiftView read={read} place={place} stale={stale}>
          <Machines machines={read.machines} place={place} />
          <Trends machines={read.machines} place={place} stale={stale} />
        </ShiftView>
      </div>
    </AsOf>
  );
}

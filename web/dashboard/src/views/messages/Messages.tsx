/** What a device engineer needs: the messages of a site as they come, those that were refused, and the devices themselves. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { meQuery, sitesQuery } from '../../api/queries';
import { api } from '../../app/services';
import { Notice } from '../../ui/Notice';
import { Devices } from './Devices';
import { Filters } from './Filters';
import { useFilter } from './hooks';
import { Letters } from './Letters';
import { Tail } from './Tail';
import './messages.css';

const PARTS = ['live', 'letters', 'devices'] as const;
type Part = (typeof PARTS)[number];
/** The hub decides; this only spares people a refusal. */
const ROLES = ['supervisor', 'admin'];

export function Messages() {
  const { t } = useTranslation();
  const { site = '' } = useParams();
  const { data: me } = useQuery(meQuery(api));
  const { data: sites } = useQuery(sitesQuery(api));
  if (me === undefined || sites === undefined) return <Notice title={t('app.loading')} busy />;
  const toBoard = <Link className="button" to="/">{t('problem.toBoard')}</Link>;
  const known = sites.find(({ code }) => code === site);
  if (known === undefined) return <Notice title={t('problem.unknownSite')} action={toBoard}>{t('problem.unknownSiteHint', { site })}</Notice>;
  if (!me.roles.some((role) => ROLES.includes(role))) return <Notice title={t('problem.noPermission')} action={toBoard}>{t('messages.noPermissionHint')}</Notice>;
  return <View key={site} site={site} name={known.name} timeZone={known.time_zone} isAdmin={me.roles.includes('admin')} everywhere={me.sites === null} />;
}

type ViewProps = { site: string; name: string; timeZone: string | undefined; isAdmin: boolean; everywhere: boolean };

function View({ site, name, timeZone, isAdmin, everywhere }: ViewProps) {
  const { t } = useTranslation();
  const [params] = useSearchParams();
  const [filter, setFilter] = useFilter();
  const parts = PARTS.filter((part) => part !== 'devices' || isAdmin);
  const part = parts.find((one) => one === params.get('part')) ?? 'live';
  const topic = filter.line === '' ? `messages/${site}` : `messages/${site}/${filter.line}`;
  return (
    <div className="messages-view">
      <title>{`${t('messages.title')} · ${name} · ${t('app.name')}`}</title>
      <div className="messages-head">
        <h1 className="text-[1.5em] font-semibold">{t('messages.titleOf', { site: name })}</h1>
        <nav aria-label={t('messages.parts')} className="parts">
          {parts.map((one) => (
            <Link key={one} className="part" to={{ search: searchOf(params, one) }} aria-current={one === part ? 'page' : undefined} replace>{t(`messages.${one}`)}</Link>
          ))}
        </nav>
      </div>
      <Filters site={site} filter={filter} onFilter={setFilter} of={part} />
      {part === 'live' && <Tail key={topic} topic={topic} filter={filter} timeZone={timeZone} onClear={() => { setFilter({ machine: '', status: 'all', text: '' }); }} />}
      {part === 'letters' && <Letters site={site} filter={filter} timeZone={timeZone} />}
      {part === 'devices' && <Devices site={site} filter={filter} timeZone={timeZone} everywhere={everywhere} />}
    </div>
  );
}

/** The filter is kept on the way from one part to another. */
function searchOf(params: URLSearchParams, part: Part): string {
  const next = new URLSearchParams(params);
  if (part === 'live') next.delete('part');
  else next.set('part', part);
  return next.toString();
}

/** Key figures over time: OEE of a line or of all lines of a site, and every number opened into what it is made of. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { sitesQuery } from '../../api/queries';
import { useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { Notice } from '../../ui/Notice';
import type { Range } from '../line/timeline/scale';
import { Compare } from './Compare';
import { Controls } from './Controls';
import { type LineName, linesQuery } from './data';
import { type Change, useChoice, useRange } from './hooks';
import { LineFigures } from './LineFigures';
import { Losses } from './Losses';
import { spanText } from './period';
import { type Bucket, bucketOf, type Choice } from './span';
import '../line/line.css';
import './kpi.css';

/** Everything that the parts need to know of where and when. */
export type Scope = { site: string; timeZone: string | undefined; range: Range; bucket: Bucket; lines: readonly LineName[]; choice: Choice; change: Change };

export function Kpi() {
  const { t } = useTranslation();
  const { site = '' } = useParams();
  const { data: sites } = useQuery(sitesQuery(api));
  if (sites === undefined) return <Notice title={t('app.loading')} busy />;
  const known = sites.find(({ code }) => code === site);
  if (known === undefined) return <Notice title={t('problem.unknownSite')} action={<Link className="button" to="/">{t('problem.toBoard')}</Link>}>{t('problem.unknownSiteHint', { site })}</Notice>;
  return <View key={site} site={site} siteName={known.name} timeZone={known.time_zone} />;
}

type ViewProps = { site: string; siteName: string; timeZone: string | undefined };

function View({ site, siteName, timeZone }: ViewProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const [choice, change] = useChoice();
  const range = useRange(site, choice, timeZone);
  const { data: lines, isPending } = useQuery(linesQuery(api, site));
  const { line } = choice;
  const known = lines?.find(({ code }) => code === line);
  const name = line === null ? siteName : (known?.name ?? line);
  const scope = useMemo((): Scope | null => {
    if (range === null || range === undefined || lines === undefined) return null;
    return { site, timeZone, range, bucket: bucketOf(choice.bucket, range, line === null ? lines.length : 1), lines, choice, change };
  }, [site, timeZone, range, lines, choice, change, line]);
  const sitePath = `/sites/${encodeURIComponent(site)}`;
  return (
    <div className="kpi-view">
      <title>{`${t('kpi.titleOf', { name })} · ${t('app.name')}`}</title>
      <header className="kpi-head">
        <Link className="link line-back" to={line === null ? sitePath : `${sitePath}/lines/${encodeURIComponent(line)}`}><span aria-hidden="true">← </span>{line === null ? t('line.back', { site: siteName }) : t('kpi.toLine', { line: name })}</Link>
        <h1 className="kpi-name">{t('kpi.titleOf', { name })}</h1>
        <p className="text-muted tabular-nums" data-testid="kpi-span">{range === null || range === undefined ? '\u00a0' : spanText(range, formats)}</p>
      </header>
      <Controls key={`${range?.from ?? 0}-${range?.to ?? 0}`} choice={choice} change={change} range={range ?? null} bucket={scope?.bucket ?? null} lines={lines ?? []} timeZone={timeZone} />
      {scope === null && <Notice level={2} title={t(isPending || range === undefined ? 'app.loading' : 'kpi.noShift')} busy={isPending || range === undefined} />}
      {scope !== null && line !== null && lines !== undefined && known === undefined && <Notice level={2} title={t('line.unknown')}>{t('line.unknownHint', { line, site })}</Notice>}
      {scope !== null && line !== null && known !== undefined && <LineFigures key={line} scope={scope} line={known} />}
      {scope !== null && line === null && (
        <div className="kpi-site">
          <Compare scope={scope} />
          <Losses scope={scope} place={null} machine={undefined} onInputs={null} timed={false} />
        </div>
      )}
    </div>
  );
}

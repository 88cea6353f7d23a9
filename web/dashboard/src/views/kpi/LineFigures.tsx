/** The figures of one line: the span as a whole, its buckets as chart and table, what the opened one is made of, losses, other lines. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { lineQuery } from '../../stops/api';
import { Buckets } from './Buckets';
import { Compare } from './Compare';
import { Csv } from './Csv';
import { type LineName, machinesQuery, oeeQuery } from './data';
import { Detail } from './Detail';
import { Figures } from './Figures';
import { useFault, useMinute } from './hooks';
import type { Scope } from './Kpi';
import { Losses } from './Losses';
import { pieceTable } from './tables';
import { totalOf } from './sums';
import { Trend } from './Trend';

export function LineFigures({ scope, line }: { scope: Scope; line: LineName }) {
  const { t } = useTranslation();
  const { site, range, bucket, choice, change, timeZone } = scope;
  const formats = useFormats(timeZone);
  const place = useMemo(() => ({ site, line: line.code, timeZone }), [site, line.code, timeZone]);
  const query = useQuery(oeeQuery(api, site, line.code, range, bucket));
  const { data: setUp } = useQuery(lineQuery(api, place));
  const { data: machines } = useQuery(machinesQuery(api, place));
  const fault = useFault();
  const now = useMinute();
  const heading = useRef<HTMLHeadingElement>(null);
  const pieces = query.data;
  const total = useMemo(() => totalOf(pieces ?? []), [pieces]);
  const opened = pieces?.find(({ from }) => from === choice.open) ?? null;
  const open = (from: number | null) => {
    change({ open: from });
    // After the new content is there, so that it is read out and in view.
    requestAnimationFrame(() => { heading.current?.focus(); });
  };
  const table = () => pieceTable(pieces ?? [], { site, lines: [line], timeZone, now, t });
  return (
    <>
      {query.isError && <p role="alert" className="form-error">{pieces === undefined ? fault(query.error) : t('kpi.staleSince', { time: formats.exactMoment(query.dataUpdatedAt, now) })}</p>}
      <Figures total={total} busy={query.isPending} onOpen={() => { open(null); }} />
      <div className="kpi-columns" data-stale={query.isError}>
        <section aria-labelledby="kpi-trend" className="line-section kpi-trend-area">
          <div className="kpi-section-head">
            <h2 id="kpi-trend" className="line-title">{t('kpi.overTime')}</h2>
            <Csv what={t('kpi.overTime')} name={`oee-${site}-${line.code}`} range={range} timeZone={timeZone} table={table} disabled={pieces === undefined || pieces.length === 0} />
          </div>
          <Trend pieces={pieces ?? []} bucket={bucket} target={setUp?.oee_target} now={now} timeZone={timeZone} opened={opened?.from ?? null} onOpen={open} />
          <Buckets pieces={pieces ?? []} bucket={bucket} target={setUp?.oee_target} now={now} timeZone={timeZone} opened={opened?.from ?? null} onOpen={open} loading={query.isPending} />
        </section>
        <Detail heading={heading} scope={scope} place={place} piece={opened ?? total} whole={opened === null} machines={machines} now={now} onWhole={() => { open(null); }} />
        <Losses scope={scope} place={place} machine={machines} onInputs={() => { open(null); }} timed={total?.effectiveness !== undefined} />
        <Compare scope={scope} />
      </div>
    </>
  );
}

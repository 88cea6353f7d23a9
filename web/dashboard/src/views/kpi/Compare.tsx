/** All lines of the site over the same span, the lowest OEE first; each leads to its own figures. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { Csv } from './Csv';
import { oeeQuery } from './data';
import { useFault, useMinute } from './hooks';
import type { Scope } from './Kpi';
import { Ratio } from './Ratio';
import { bucketOf, writeChoice } from './span';
import { type Compared, compare } from './sums';
import { pieceTable } from './tables';

export function Compare({ scope }: { scope: Scope }) {
  const { t } = useTranslation();
  const { site, range, lines, timeZone, choice } = scope;
  // All lines may need coarser buckets than one.
  const query = useQuery(oeeQuery(api, site, null, range, bucketOf(scope.bucket, range, lines.length)));
  const fault = useFault();
  const now = useMinute();
  const rows = useMemo(() => compare(query.data ?? []), [query.data]);
  const table = () => pieceTable(query.data ?? [], { site, lines, timeZone, now, t });
  return (
    <section aria-labelledby="kpi-compare" className="line-section kpi-compare-area">
      <div className="kpi-section-head">
        <h2 id="kpi-compare" className="line-title">{t('kpi.compare')}</h2>
        <Csv what={t('kpi.compare')} name={`oee-${site}`} range={range} timeZone={timeZone} table={table} disabled={rows.length === 0} />
      </div>
      {query.isError && <p role="alert" className="form-error">{fault(query.error)}</p>}
      <div className="kpi-scroll" role="group" aria-label={t('kpi.compare')} tabIndex={0}>
        <table className="hours kpi-table kpi-lines" data-testid="kpi-lines" aria-busy={query.isPending}>
          <thead>
            <tr>
              <th scope="col">{t('kpi.line')}</th><th scope="col">{t('board.oee')}</th><th scope="col">{t('line.availability')}</th><th scope="col">{t('line.effectiveness')}</th>
              <th scope="col">{t('line.quality')}</th><th scope="col">{t('kpi.good')}</th><th scope="col">{t('kpi.scrap')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => <Row key={row.line} row={row} name={lines.find(({ code }) => code === row.line)?.name ?? row.line} to={`?${writeChoice({ ...choice, line: row.line, open: null, loss: null }).toString()}`} current={row.line === choice.line} />)}
            {rows.length === 0 && <tr><td colSpan={7} className="kpi-none">{t(query.isPending ? 'app.loading' : 'kpi.nothing')}</td></tr>}
          </tbody>
        </table>
      </div>
      <p className="line-meaning">{t('kpi.compareHint')}</p>
    </section>
  );
}

function Row({ row: { line, total, pieces }, name, to, current }: { row: Compared; name: string; to: string; current: boolean }) {
  const formats = useFormats();
  return (
    <tr data-line={line} data-open={current}>
      <th scope="row">
        <Link className="link kpi-open" to={to} aria-current={current ? 'true' : undefined}>{name}</Link>
        {/* What the numbers say, bucket by bucket. */}
        <span className="kpi-spark" aria-hidden="true">{pieces.map(({ from, oee }) => <span key={from} data-known={oee !== undefined} style={{ blockSize: `${(oee ?? 1) * 100}%` }} />)}</span>
      </th>
      <td><Ratio value={total.oee} /></td>
      <td><Ratio value={total.availability} /></td>
      <td><Ratio value={total.effectiveness} /></td>
      <td><Ratio value={total.quality} /></td>
      <td>{formats.quantity(total.inputs.good)}</td>
      <td>{formats.quantity(total.inputs.scrap)}</td>
    </tr>
  );
}

/** What was made hour by hour against the target: a table whose bars say the same as its numbers. */
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDataNow, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { NO_DATA } from '../../format/format';
import type { Shift } from './data';
import { type Hour, hoursOf, hoursQuery, type HourTotal, totalOf } from './hours';
import type { Place } from './Line';
import type { Range } from './timeline/scale';
import { useAfterGap } from './useAfterGap';

export function Hours({ place, period, shift, stale }: { place: Place; period: Range; shift: Shift | null; stale: boolean }) {
  const { t } = useTranslation();
  const now = useDataNow();
  const query = useQuery(hoursQuery(api, place, period));
  useAfterGap(stale, query.refetch);
  const hours = hoursOf(query.data ?? [], shift, now);
  const total = totalOf(hours);
  // One scale for all hours, so that their bars can be compared.
  const most = Math.max(1e-9, ...hours.map(({ good, scrap, target }) => Math.max(good + scrap, target ?? 0)));
  return (
    <section aria-labelledby="line-hours" className="line-section">
      <h2 id="line-hours" className="line-title">{t('line.hours')}</h2>
      {hours.length === 0 && <p className="text-muted" role={query.isError ? 'alert' : undefined}>{t(query.isError ? 'line.hoursFailed' : query.isPending ? 'app.loading' : 'line.noHours')}</p>}
      {hours.length > 0 && (
        <table className="hours">
          <thead>
            <tr><th scope="col">{t('line.hour')}</th><th scope="col">{t('board.good')}</th><th scope="col">{t('board.scrap')}</th><th scope="col">{t('board.target')}</th><th scope="col">{t('line.difference')}</th></tr>
          </thead>
          <tbody>{hours.map((hour) => <HourRow key={hour.from} hour={hour} most={most} timeZone={place.timeZone} />)}</tbody>
          <tfoot><tr><th scope="row">{t('line.total')}</th><Figures {...total} /></tr></tfoot>
        </table>
      )}
    </section>
  );
}

const HourRow = memo(
  function HourRow({ hour, most, timeZone }: { hour: Hour; most: number; timeZone: string | undefined }) {
    const { t } = useTranslation();
    const formats = useFormats(timeZone);
    const percent = (value: number) => `${(value / most) * 100}%`;
    return (
      <tr data-current={hour.current} data-testid="hour">
        <th scope="row">
          <span className="hour-name">
            {formats.clock(hour.from)}
            {hour.current && <span className="hour-now">{t('line.runningHour')}</span>}
            <span className="hour-bar" aria-hidden="true">
              <span className="hour-good" style={{ inlineSize: percent(hour.good) }} />
              <span className="hour-scrap" style={{ inlineSize: percent(hour.scrap) }} />
              {hour.target !== undefined && <span className="hour-target" style={{ insetInlineStart: percent(hour.target) }} />}
            </span>
          </span>
        </th>
        <Figures {...hour} />
      </tr>
    );
  },
  (a, b) => a.most === b.most && a.timeZone === b.timeZone && a.hour.good === b.hour.good && a.hour.scrap === b.hour.scrap && a.hour.target === b.hour.target && a.hour.current === b.hour.current,
);

function Figures({ good, scrap, target }: HourTotal) {
  const { t } = useTranslation();
  const formats = useFormats();
  const difference = target === undefined ? undefined : Math.round(good - target);
  const behind = difference !== undefined && difference < 0;
  return (
    <>
      <td>{formats.quantity(good)}</td>
      <td data-some={scrap > 0}>{formats.quantity(scrap)}</td>
      <td>{target === undefined ? <><span aria-hidden="true">{NO_DATA}</span><span className="sr-only">{t('board.noData')}</span></> : formats.shortQuantity(target)}</td>
      <td className="hour-difference" data-behind={behind}>{difference === undefined ? NO_DATA : <>{behind && <span aria-hidden="true">▼ </span>}{formats.difference(difference)}</>}</td>
    </>
  );
}

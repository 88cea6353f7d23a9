/** The stops of a line: the open ones and the newest, older ones on demand; what nobody has explained stands out. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { memo, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HubProblem } from '../../api/problem';
import { Age } from '../../app/Age';
import { useDataText, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import { NO_DATA } from '../../format/format';
import { StateShape } from '../../ui/shapes';
import type { Machine, Stop } from './data';
import type { Place } from './Line';
import { mergeStops, type ShownStop, stopsQuery } from './stops';

/** Ended stops shown before somebody asks for more. */
const FEW = 6;

export function Stops({ stops, machines, place }: { stops: readonly Stop[]; machines: readonly Machine[]; place: Place }) {
  const { t } = useTranslation();
  const [more, setMore] = useState(false);
  const query = useInfiniteQuery({ ...stopsQuery(api, place.site, place.line), enabled: more });
  const fetched = query.data?.pages;
  const merged = useMemo(() => mergeStops(stops, more ? (fetched ?? []).flatMap(({ items }) => items) : []), [stops, fetched, more]);
  const open = merged.filter((stop) => stop.open).length;
  const shown = more ? merged : merged.slice(0, open + FEW);
  const names = useMemo(() => new Map(machines.map(({ code, name }) => [code, name])), [machines]);
  const loadMore = () => {
    if (more) void query.fetchNextPage();
    else setMore(true);
  };
  return (
    <section aria-labelledby="line-stops" className="line-section">
      <h2 id="line-stops" className="line-title">{t('line.stops')} <span className="text-muted font-normal">{t('line.openStops', { n: open })}</span></h2>
      {shown.length === 0 && <p className="text-muted">{t('line.noStops')}</p>}
      <ol className="stops">
        {shown.map((stop) => <Row key={stop.id} stop={stop} machine={names.get(stop.machine) ?? stop.machine} timeZone={place.timeZone} />)}
      </ol>
      {more && query.isError && <p role="alert" className="form-error">{query.error instanceof HubProblem ? query.error.detail : t('alerts.unreachable')}</p>}
      {(!more || query.hasNextPage || query.isPending) && (
        <button type="button" className="button more" disabled={more && query.isFetching} onClick={loadMore}>{t(more && query.isFetching ? 'app.loading' : 'line.moreStops')}</button>
      )}
    </section>
  );
}

type RowProps = { stop: ShownStop; machine: string; timeZone: string | undefined };

const Row = memo(function Row({ stop, machine, timeZone }: RowProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const from = useDataText((now) => formats.exactMoment(stop.from, now));
  return (
    <li className="stop" data-open={stop.open} data-classified={stop.reason !== undefined}>
      <StateShape state={stop.state} className="mt-[0.2em]" />
      <div className="min-w-0">
        <p className="stop-main">
          <span>{t(`state.${stop.state}`)}</span>
          {stop.reason === undefined ? <b className="unclassified">{t('board.unclassified')}</b> : <b className="font-semibold">{stop.reason}</b>}
        </p>
        <p className="text-muted truncate" title={machine}>{machine}</p>
      </div>
      <div className="stop-times">
        <b className="font-semibold">{stop.open ? <Age since={stop.from} /> : stop.to === undefined ? NO_DATA : formats.age(stop.to - stop.from)}</b>
        <span className="text-muted">{stop.open ? t('line.lastsSince', { time: from }) : from}</span>
      </div>
    </li>
  );
});

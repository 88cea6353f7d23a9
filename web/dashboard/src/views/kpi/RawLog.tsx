/** The log of the line as it was recorded in a span, page by page, once somebody asks for it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/services';
import { EventList } from '../../stops/EventList';
import type { Place } from '../line/Line';
import type { Range } from '../line/timeline/scale';
import { logQuery } from './data';

export function RawLog({ place, range }: { place: Place; range: Range }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data, isError, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({ ...logQuery(api, place, range), enabled: open });
  const events = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <details className="stop-events kpi-log" data-testid="kpi-log" onToggle={({ currentTarget }) => { setOpen(currentTarget.open); }}>
      <summary>{t('kpi.log')}</summary>
      <p className="line-meaning">{t('kpi.logHint')}</p>
      {isError && <p role="alert" className="form-error">{t('kpi.logFailed')}</p>}
      {open && isPending && <p className="text-muted">{t('app.loading')}</p>}
      {data !== undefined && events.length === 0 && !hasNextPage && <p className="text-muted">{t('kpi.logEmpty')}</p>}
      {events.length > 0 && <EventList events={events} label={t('kpi.log')} timeZone={place.timeZone} />}
      {hasNextPage && <button type="button" className="button more" disabled={isFetchingNextPage} onClick={() => { void fetchNextPage(); }}>{t(isFetchingNextPage ? 'app.loading' : 'kpi.logMore')}</button>}
    </details>
  );
}

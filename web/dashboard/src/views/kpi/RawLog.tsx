/** The log of the line as it was recorded in a span, and what was recorded about the span later, page by page, once somebody asks for it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/services';
import { EventList } from '../../stops/EventList';
import type { Place } from '../line/Line';
import type { Range } from '../line/timeline/scale';
import { logQuery } from './data';
import { lateOnes } from './late';

type RawLogProps = { place: Place; range: Range; /** Nothing can have come after it yet. */ current: boolean };

export function RawLog({ place, range, current }: RawLogProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className="stop-events kpi-log" data-testid="kpi-log" onToggle={({ currentTarget }) => { setOpen(currentTarget.open); }}>
      <summary>{t('kpi.log')}</summary>
      {open && <Pages label={t('kpi.log')} hint={t('kpi.logHint')} place={place} range={range} late={false} />}
      {open && !current && <Pages label={t('kpi.logLate')} hint={t('kpi.logLateHint')} place={place} range={range} late />}
    </details>
  );
}

type PagesProps = { label: string; hint: string; place: Place; range: Range; late: boolean };

function Pages({ label, hint, place, range, late }: PagesProps) {
  const { t } = useTranslation();
  const asked = late ? { from: range.to, to: null } : range;
  const { data, isError, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(logQuery(api, place, asked));
  const read = data?.pages.flatMap(({ items }) => items) ?? [];
  const events = late ? lateOnes(read, range) : read;
  return (
    <div className="kpi-log-part" data-testid={late ? 'kpi-log-late' : 'kpi-log-own'}>
      <h3 className="kpi-subtitle">{label}</h3>
      <p className="line-meaning">{hint}</p>
      {isError && <p role="alert" className="form-error">{t('kpi.logFailed')}</p>}
      {isPending && <p className="text-muted">{t('app.loading')}</p>}
      {data !== undefined && events.length === 0 && <p className="text-muted">{t(hasNextPage ? 'kpi.logNotYet' : 'kpi.logEmpty')}</p>}
      {events.length > 0 && <EventList events={events} label={label} timeZone={place.timeZone} dated={late} />}
      {hasNextPage && <button type="button" className="button more" disabled={isFetchingNextPage} onClick={() => { void fetchNextPage(); }}>{t(isFetchingNextPage ? 'app.loading' : 'kpi.logMore')}</button>}
    </div>
  );
}

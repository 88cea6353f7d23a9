/** What the parts of this view share: the choice in the address, the span in time, and how figures are written. */
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { HubProblem } from '../../api/problem';
import { useDataText, useFormats } from '../../app/hooks';
import { api } from '../../app/services';
import type { Range } from '../line/timeline/scale';
import { type Piece, shiftsQuery } from './data';
import { periodOf } from './period';
import { type Bucket, type Choice, currentShift, rangeOf, readChoice, writeChoice } from './span';

export type Change = (part: Partial<Choice>) => void;

/** The choice lives in the address, so that it can be shared and comes back. */
export function useChoice(): [Choice, Change] {
  const [params, setParams] = useSearchParams();
  const choice = useMemo(() => readChoice(params), [params]);
  const change = useCallback<Change>((part) => {
    setParams((before) => writeChoice({ ...readChoice(before), ...part }), { replace: true, preventScrollReset: true });
  }, [setParams]);
  return [choice, change];
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The span in time; undefined while the shifts are being read, null where there is none. */
export function useRange(site: string, choice: Choice, timeZone: string | undefined): Range | null | undefined {
  const now = useMinute();
  const { data: shifts, isPending } = useQuery({ ...shiftsQuery(api, site, Math.floor(now / HOUR_MS) * HOUR_MS), enabled: choice.span === 'shift', placeholderData: (before) => before });
  const found = rangeOf(choice, now, timeZone, currentShift(shifts ?? [], now));
  const from = found?.from;
  const to = found?.to;
  // The same object for the same span, because it is worked out every minute.
  const range = useMemo(() => (from === undefined || to === undefined ? null : { from, to }), [from, to]);
  return range === null && choice.span === 'shift' && isPending ? undefined : range;
}

/** The server's time to the minute. */
export function useMinute(): number {
  return Number(useDataText((now) => String(Math.floor(now / MINUTE_MS) * MINUTE_MS)));
}

export function useFault(): (cause: Error) => string {
  const { t } = useTranslation();
  return useCallback((cause: Error) => (cause instanceof HubProblem ? t('kpi.refused', { detail: cause.detail || cause.code }) : t('kpi.failed')), [t]);
}

/** How a piece of time is called; `short` where the day is said elsewhere. */
export function usePeriod(bucket: Bucket, timeZone: string | undefined, short = false): (piece: Pick<Piece, 'from' | 'to' | 'shift'>) => string {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  return useCallback((piece) => periodOf(piece, bucket, formats, t('kpi.betweenShifts'), short), [bucket, formats, t, short]);
}

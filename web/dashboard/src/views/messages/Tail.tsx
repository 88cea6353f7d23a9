/** The live tail: the newest message on top; it can be held still without losing what comes meanwhile. */
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AsOf, useFormats, useServerNow, useTopic } from '../../app/hooks';
import { StaleNotice } from '../../app/StaleNotice';
import type { Topic } from '../../live/state';
import { isForbidden } from '../../live/topics';
import { isStale } from '../../live/view';
import { Notice } from '../../ui/Notice';
import { Message } from './Message';
import { collect, type Entry, type Filter, isFiltering, matches, readEntries, type Row, rowsOf, skippedAfter } from './tail';

/** Rows drawn before somebody asks for older ones. */
const ROWS = 150;

type TailProps = { topic: string; filter: Filter; timeZone: string | undefined; onClear: () => void };
/** What is shown while the tail is held still, and since when. */
type Held = { entries: readonly Entry[]; after: number; at: number };

export function Tail({ topic: name, filter, timeZone, onClear }: TailProps) {
  const topic = useTopic(name);
  const [seen, setSeen] = useState<readonly Entry[]>([]);
  const data = topic?.data ?? null;
  const current = useMemo(() => (data === null ? [] : readEntries(data)), [data]);
  const collected = collect(seen, current);
  if (collected !== seen) setSeen(collected);
  const stale = isStale(topic);
  if (topic === undefined || (data === null && topic.status !== 'refused')) return <Loading />;
  if (data === null) return <Refused topic={topic} />;
  return (
    <AsOf value={stale ? (topic.staleSince ?? topic.changedAt) : null}>
      {stale && <StaleNotice topic={topic} timeZone={timeZone} />}
      <Shown seen={collected} after={skippedAfter(data)} filter={filter} timeZone={timeZone} onClear={onClear} />
    </AsOf>
  );
}

function Loading() {
  const { t } = useTranslation();
  return <Notice level={2} title={t('app.loading')} busy />;
}

function Refused({ topic }: { topic: Topic }) {
  const { t } = useTranslation();
  const { code = '', detail = '' } = topic.refusal ?? {};
  if (isForbidden(code)) return <Notice level={2} title={t('problem.noPermission')}>{t('messages.noPermissionHint')}</Notice>;
  return <Notice level={2} title={t('messages.notServed')}>{detail || code}</Notice>;
}

type ShownProps = { seen: readonly Entry[]; after: number; filter: Filter; timeZone: string | undefined; onClear: () => void };

function Shown({ seen, after, filter, timeZone, onClear }: ShownProps) {
  const { t } = useTranslation();
  const [held, setHeld] = useState<Held | null>(null);
  const [rows, setRows] = useState(ROWS);
  const wanted = useDeferredValue(filter);
  const { entries, after: missing } = held ?? { entries: seen, after };
  const found = useMemo(() => rowsOf(entries, wanted, missing), [entries, wanted, missing]);
  const messages = found.filter(({ kind }) => kind === 'message').length;
  const newest = held === null ? undefined : (held.entries[0]?.key ?? '');
  const waiting = useMemo(() => (newest === undefined ? 0 : seen.filter((entry) => entry.key > newest && matches(entry, wanted)).length), [seen, newest, wanted]);
  return (
    <>
      <Controls held={held} waiting={waiting} timeZone={timeZone} onHold={(at) => { setHeld({ entries: seen, after, at }); }} onGoOn={() => { setHeld(null); }}>
        {t('messages.tail.counts', { shown: messages, all: entries.length })}
      </Controls>
      {entries.length === 0 && <Notice level={2} title={t('messages.tail.none')}>{t('messages.tail.noneHint')}</Notice>}
      {entries.length > 0 && messages === 0 && (
        <Notice level={2} title={t('messages.tail.noMatch')} action={isFiltering(wanted) ? <button type="button" className="button" onClick={onClear}>{t('messages.filter.clear')}</button> : undefined} />
      )}
      <ol className="messages" aria-label={t('messages.tail.list')}>
        {found.slice(0, rows).map((row) => (row.kind === 'message' ? <Message key={row.key} entry={row.entry} timeZone={timeZone} /> : <Gap key={row.key} gap={row} />))}
      </ol>
      {found.length > rows && <button type="button" className="button more" onClick={() => { setRows(rows + ROWS); }}>{t('messages.tail.older')}</button>}
    </>
  );
}

/** What is missing: said in its place, never silent. */
function Gap({ gap: { skipped, lost } }: { gap: Extract<Row, { kind: 'gap' }> }) {
  const { t } = useTranslation();
  return <li className="message-gap">{lost ? t('messages.tail.lost') : t('messages.tail.skipped', { count: skipped })}</li>;
}

type ControlsProps = { held: Held | null; waiting: number; timeZone: string | undefined; onHold: (at: number) => void; onGoOn: () => void; children: string };

function Controls({ held, waiting, timeZone, onHold, onGoOn, children }: ControlsProps) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const now = useServerNow();
  return (
    <div className="messages-controls">
      <button type="button" className="button" data-held={held !== null} onClick={() => { if (held === null) onHold(now); else onGoOn(); }}>
        <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" className="h-[1em] w-[1em]">
          <path d={held === null ? 'M4.5 3.5h4v13h-4zM11.5 3.5h4v13h-4z' : 'M5 3.5 17 10 5 16.5z'} fill="currentColor" />
        </svg>
        {held === null ? t('messages.tail.pause') : t('messages.tail.resume')}
      </button>
      {held !== null && <span role="status" className="messages-held">{t('messages.tail.pausedAt', { time: formats.clockSeconds(held.at) })}</span>}
      {held !== null && <span className="tabular-nums" data-testid="waiting">{t('messages.tail.waiting', { count: waiting })}</span>}
      <span className="text-muted tabular-nums">{children}</span>
    </div>
  );
}

/** The dead letters of a site: why each was refused, another try, and what came of it. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/services';
import { Notice } from '../../ui/Notice';
import { Letter } from './Letter';
import { useFault } from './hooks';
import { letterMatches, lettersQuery, type Letter as LetterData, type Outcome, type Settled, withSettled } from './letters';
import type { Filter } from './tail';

const NONE: ReadonlyMap<string, Settled> = new Map();

export function Letters({ site, filter, timeZone }: { site: string; filter: Filter; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const fault = useFault();
  const query = useInfiniteQuery(lettersQuery(api, site));
  const client = useQueryClient();
  const [settled, setSettled] = useState(NONE);
  const fetched = query.data?.pages;
  const letters = useMemo(() => withSettled((fetched ?? []).flatMap(({ items }) => items), settled), [fetched, settled]);
  const found = letters.filter((letter) => letterMatches(letter, filter));
  const settle = (letter: LetterData, outcome: Outcome) => {
    setSettled((before) => new Map(before).set(letter.id, { letter, outcome }));
    void client.invalidateQueries({ queryKey: ['dead-letters', site] });
  };
  if (query.isPending) return <Notice level={2} title={t('app.loading')} busy />;
  const several = (fetched?.length ?? 0) > 1;
  return (
    <section aria-label={t('messages.letters')} className="grid gap-2">
      {query.isError && <p role="alert" className="form-error">{fault(query.error)}</p>}
      {letters.length === 0 && !query.isError && <Notice level={2} title={t('messages.letter.none')}>{t('messages.letter.noneHint')}</Notice>}
      {letters.length > 0 && (
        <p className="messages-controls">
          <span className="text-muted tabular-nums">{t('messages.letter.counts', { shown: found.length, all: letters.length })}</span>
          {several && <button type="button" className="button" disabled={query.isFetching} onClick={() => { void client.resetQueries({ queryKey: ['dead-letters', site] }); }}>{t('messages.letter.reload')}</button>}
        </p>
      )}
      {letters.length > 0 && found.length === 0 && <p className="text-muted">{t('messages.letter.noMatch')}</p>}
      <ol className="messages" aria-label={t('messages.letter.list')}>
        {found.map((letter) => <Letter key={letter.id} letter={letter} outcome={settled.get(letter.id)?.outcome} timeZone={timeZone} onSettled={settle} />)}
      </ol>
      {query.hasNextPage && (
        <button type="button" className="button more" disabled={query.isFetchingNextPage} onClick={() => { void query.fetchNextPage(); }}>
          {query.isFetchingNextPage ? t('app.loading') : t('messages.letter.more')}
        </button>
      )}
    </section>
  );
}

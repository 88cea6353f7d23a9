/** What the line does now, since when and why: a strip that is read in passing. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Since } from '../../app/Age';
import { api } from '../../app/services';
import { lineQuery, reasonName } from '../../stops/api';
import { StateShape } from '../../ui/shapes';
import { toneOf } from '../../vocabulary';
import { type LineData, statusSince } from '../line/data';
import type { Entered } from './entries';
import { reasonNow, stopsToExplain } from './stops';
import type { Place } from './Terminal';

type HeadProps = { read: LineData; name: string; entered: readonly Entered[]; place: Place };

export function Head({ read: { head, machines, stops }, name, entered, place }: HeadProps) {
  const { t } = useTranslation();
  const { data: line } = useQuery({ ...lineQuery(api, place), gcTime: Infinity });
  const now = reasonNow(stopsToExplain(stops, entered, null), head.status);
  return (
    <header className="terminal-head" data-tone={toneOf(head)}>
      <StateShape state={head.status} className="terminal-shape" />
      <p className="terminal-status" data-testid="terminal-status">{t(`state.${head.status}`)}</p>
      <Since since={statusSince(head.status, machines)} timeZone={place.timeZone} className="terminal-since" />
      {now !== undefined && <p className="terminal-now">{now.reason === undefined ? t('board.unclassified') : reasonName(line?.reasons ?? [], now.reason)}</p>}
      <div className="terminal-place">
        <h1 className="terminal-name">{name}</h1>
        <Link className="button terminal-link" to={`/sites/${encodeURIComponent(place.site)}/lines/${encodeURIComponent(place.line)}`}>{t('terminal.toLine')}</Link>
      </div>
    </header>
  );
}

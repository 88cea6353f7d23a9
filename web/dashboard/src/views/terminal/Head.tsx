/** What the line does now, since when and why: a strip that is read in passing. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Since } from '../../app/Age';
import { StateShape } from '../../ui/shapes';
import { toneOf } from '../../vocabulary';
import { type LineData, statusSince } from '../line/data';
import type { Place } from './Terminal';

export function Head({ read: { head, machines }, name, place }: { read: LineData; name: string; place: Place }) {
  const { t } = useTranslation();
  return (
    <header className="terminal-head" data-tone={toneOf(head)}>
      <StateShape state={head.status} className="terminal-shape" />
      <p className="terminal-status" data-testid="terminal-status">{t(`state.${head.status}`)}</p>
      <Since since={statusSince(head.status, machines)} timeZone={place.timeZone} className="terminal-since" />
      <div className="terminal-place">
        <h1 className="terminal-name">{name}</h1>
        <Link className="button terminal-link" to={`/sites/${encodeURIComponent(place.site)}/lines/${encodeURIComponent(place.line)}`}>{t('terminal.toLine')}</Link>
      </div>
    </header>
  );
}

/** The bar above a kiosk: which site this is, which comes next and when, alerts, the time of the server, the connection. */
import { useTranslation } from 'react-i18next';
import { AlertsLink } from '../../app/AlertsLink';
import { ConnectionState } from '../../app/ConnectionState';
import { ServerClock } from '../../app/ServerClock';
import { HeldShape } from '../../ui/shapes';

type BarProps = {
  title: string;
  site: { time_zone?: string | undefined } | undefined;
  next: string | undefined;
  /** How long this slide stays; null while it is held. */
  remainingMs: number | null;
  dwellMs: number;
  position: { index: number; count: number };
};

export function Bar({ title, site, next, remainingMs, dwellMs, position }: BarProps) {
  return (
    <header className="kiosk-bar">
      <p className="kiosk-title" title={title}>{title}</p>
      {next !== undefined && <Next name={next} remainingMs={remainingMs} position={position} />}
      <span className="flex-1" />
      <AlertsLink />
      <ServerClock timeZone={site?.time_zone} className="kiosk-clock" />
      <ConnectionState timeZone={site?.time_zone} />
      {next !== undefined && <div className="kiosk-turn" aria-hidden="true"><div style={{ inlineSize: `${remainingMs === null ? 0 : 100 * (1 - remainingMs / dwellMs)}%` }} /></div>}
    </header>
  );
}

function Next({ name, remainingMs, position: { index, count } }: { name: string; remainingMs: number | null; position: BarProps['position'] }) {
  const { t } = useTranslation();
  return (
    <p className="kiosk-next">
      <span className="kiosk-dots" aria-hidden="true">
        {Array.from({ length: count }, (_, dot) => <i key={dot} data-here={dot === index} />)}
      </span>
      {remainingMs === null
        ? <span className="kiosk-held"><HeldShape /> {t('kiosk.held', { next: name })}</span>
        : <span className="truncate">{t('kiosk.next', { next: name, seconds: Math.ceil(remainingMs / 1_000) })}</span>}
    </p>
  );
}

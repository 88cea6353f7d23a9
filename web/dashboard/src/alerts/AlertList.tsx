/** A list of alerts with what they are, since when, and the button that takes note of them. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { HubProblem } from '../api/problem';
import { Since } from '../app/Age';
import { useDataText, useFormats } from '../app/hooks';
import { SeverityShape } from '../ui/shapes';
import { type Alert, awaitsAck } from './alert';
import { useAck, useMayAck } from './hooks';
import './alerts.css';

type Places = { site: (code: string) => { name: string; timeZone: string | undefined } };
type AlertListProps = {
  alerts: readonly Alert[];
  label: string;
  timeZone?: string | undefined;
  /** Given where alerts of several lines are together. */
  places?: Places;
};

export function AlertList({ alerts, label, timeZone, places }: AlertListProps) {
  const mayAck = useMayAck();
  return (
    <ul className="alert-list" aria-label={label}>
      {alerts.map((alert) => {
        const site = alert.site === undefined ? undefined : places?.site(alert.site);
        return <Row key={alert.id} alert={alert} mayAck={mayAck} timeZone={site?.timeZone ?? timeZone} siteName={site?.name} />;
      })}
    </ul>
  );
}

type RowProps = { alert: Alert; mayAck: boolean; timeZone: string | undefined; siteName: string | undefined };

const Row = memo(function Row({ alert, mayAck, timeZone, siteName }: RowProps) {
  const { t } = useTranslation();
  return (
    <li className="alert" data-alert={alert.id} data-rule={alert.rule} data-severity={alert.severity} data-state={alert.state}>
      <div className="alert-severity">
        <SeverityShape severity={alert.severity} />
        <b>{t(`severity.${alert.severity}`)}</b>
        <Since since={alert.raised_at} timeZone={timeZone} className="alert-age" />
      </div>
      <div className="alert-body">
        <p className="alert-text">{alert.text || alert.rule}</p>
        <p className="alert-meta">
          <span className="alert-state">{t(`alerts.states.${alert.state}`)}</span>
          <Acked alert={alert} timeZone={timeZone} />
          {alert.text !== '' && <span title={t('alerts.rule')}>{alert.rule}</span>}
          {siteName !== undefined && <Place alert={alert} siteName={siteName} />}
        </p>
      </div>
      {mayAck && awaitsAck(alert) && <Ack alert={alert} />}
    </li>
  );
});

function Acked({ alert, timeZone }: { alert: Alert; timeZone: string | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats(timeZone);
  const { acked_at: at, acked_by: by } = alert;
  const time = useDataText((now) => (at === undefined ? '' : formats.moment(at, now)));
  if (at === undefined) return null;
  return <span>{by === undefined ? time : t('alerts.ackedBy', { who: by, time })}</span>;
}

function Place({ alert: { site, line }, siteName }: { alert: Alert; siteName: string }) {
  const { t } = useTranslation();
  if (site === undefined) return null;
  if (line === undefined) return <span>{siteName}</span>;
  return (
    <Link className="link" to={`/sites/${encodeURIComponent(site)}/lines/${encodeURIComponent(line)}`} aria-label={t('alerts.toLine', { line, site: siteName })}>
      {siteName} · {line}
    </Link>
  );
}

function Ack({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const { mutate, isPending, error } = useAck(alert.id);
  return (
    <div className="alert-action">
      <button type="button" className="button" disabled={isPending} aria-label={t('alerts.ackOf', { text: alert.text || alert.rule })} onClick={() => { mutate(); }}>
        {t(isPending ? 'alerts.acking' : 'alerts.ack')}
      </button>
      {error !== null && <p role="alert" className="form-error">{error instanceof HubProblem ? t('alerts.refused', { detail: error.detail || error.code }) : t('alerts.unreachable')}</p>}
    </div>
  );
}

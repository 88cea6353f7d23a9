/** The open alerts of all sites the user sees, counted in the header; leads to their list. */
import { useTranslation } from 'react-i18next';
import { NavLink } from 'react-router';
import { countBySeverity } from '../alerts/alert';
import { useAlerts } from '../alerts/hooks';
import { isStale } from '../live/view';
import { AlertShape, SeverityShape } from '../ui/shapes';
import { SEVERITIES } from '../vocabulary';

export function AlertsLink() {
  const { t } = useTranslation();
  const { alerts, worst } = useAlerts();
  const counts = countBySeverity(alerts ?? []);
  const present = SEVERITIES.filter((severity) => counts[severity] > 0);
  const parts = present.map((severity) => t('board.alertCount', { severity: t(`severity.${severity}`), n: counts[severity] }));
  const text = alerts === undefined ? t('alerts.title') : [t('board.alerts'), parts.join(', ') || t('board.noAlerts')].join(' – ');
  return (
    <NavLink to="/alerts" className="button-quiet header-alerts" data-stale={isStale(worst)} aria-label={text} title={text}>
      {present.length === 0 && <span className="inline-flex text-muted"><AlertShape /></span>}
      {alerts?.length === 0 && <span className="text-muted">0</span>}
      {present.map((severity, index) => (
        <span key={severity} className="header-alert" data-first={index === 0}>
          <SeverityShape severity={severity} />
          {counts[severity]}
        </span>
      ))}
    </NavLink>
  );
}

/** Where the user is between plant and event: the site, the line, and what the address names below it. */
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { Site } from '../api/queries';
import { isJsonObject, type JsonValue } from '../live/merge';
import type { LiveState } from '../live/state';
import { useLive } from './services';
import { SiteSwitcher } from './SiteSwitcher';

export function Trail({ sites }: { sites: readonly Site[] }) {
  const { t } = useTranslation();
  const { site, line, machine, stop } = useParams();
  const lineName = useLive((state) => lineNameOf(state, site, line));
  const machineName = useLive((state) => nameOf(member(state.topics[`line/${site ?? ''}/${line ?? ''}`]?.data?.['machines'], machine)));
  if (site === undefined || line === undefined) return <SiteSwitcher sites={sites} current={site} />;
  const lineAddress = `/sites/${encodeURIComponent(site)}/lines/${encodeURIComponent(line)}`;
  const steps = [
    { to: lineAddress, name: lineName ?? line },
    ...(machine === undefined ? [] : [{ to: `${lineAddress}/machines/${encodeURIComponent(machine)}`, name: machineName ?? machine }]),
    ...(stop === undefined ? [] : [{ to: `${lineAddress}/stops/${encodeURIComponent(stop)}`, name: stop }]),
  ];
  return (
    <>
      <SiteSwitcher sites={sites} current={site} />
      <nav className="trail" aria-label={t('nav.trail')}>
        {steps.map(({ to, name }, index) => (
          <span key={to} className="trail-step">
            <span aria-hidden="true">›</span>
            <Link to={to} aria-current={index === steps.length - 1 ? 'page' : undefined}>{name}</Link>
          </span>
        ))}
      </nav>
    </>
  );
}

/** From whichever live copy knows the line. */
function lineNameOf(state: LiveState, site = '', line = ''): string | undefined {
  return nameOf(state.topics[`line/${site}/${line}`]?.data?.['line']) ?? nameOf(member(state.topics[`site/${site}`]?.data?.['lines'], line));
}

function member(collection: JsonValue | undefined, key: string | undefined): JsonValue | undefined {
  return isJsonObject(collection) && key !== undefined && Object.hasOwn(collection, key) ? collection[key] : undefined;
}

function nameOf(value: JsonValue | undefined): string | undefined {
  const name = isJsonObject(value) ? value['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

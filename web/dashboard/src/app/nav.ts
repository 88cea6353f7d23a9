/** The views that the frame leads to, in order, and who has a use for each. A new view adds its entry here. */
import type { nav } from '../i18n/en/frame';

/** Where the user is; a view that belongs to a site or a line is offered only there. */
export type Place = { site: string | undefined; line: string | undefined };

type Entry = {
  key: Exclude<keyof typeof nav, 'label' | 'trail'>;
  /** The address from this place, or null where the view has none. */
  to: (place: Place) => string | null;
  /** Who sees the entry; everybody if left out. The hub decides in the end what is served. */
  roles?: readonly string[];
  /** Only this very address counts as being there. */
  end?: boolean;
};

const siteOf = ({ site }: Place) => (site === undefined ? null : `/sites/${encodeURIComponent(site)}`);

const ENTRIES: readonly Entry[] = [
  { key: 'board', to: (place) => siteOf(place) ?? '/', end: true },
  { key: 'terminal', to: ({ site, line }) => (site === undefined || line === undefined ? null : `/sites/${encodeURIComponent(site)}/lines/${encodeURIComponent(line)}/terminal`), roles: ['operator', 'supervisor', 'admin'] },
  { key: 'alerts', to: () => '/alerts' },
  { key: 'messages', to: (place) => (place.site === undefined ? null : `${siteOf(place) ?? ''}/messages`), roles: ['supervisor', 'admin'] },
  { key: 'kpi', to: ({ site, line }) => (site === undefined ? null : `/sites/${encodeURIComponent(site)}/kpi${line === undefined ? '' : `?line=${encodeURIComponent(line)}`}`) },
  { key: 'kiosk', to: ({ site }) => (site === undefined ? '/kiosk' : `/kiosk?sites=${encodeURIComponent(site)}`) },
];

export type NavLinkTo = { key: Entry['key']; to: string; end: boolean };

/** What this user is offered here. Nothing of what needs a role is offered before the roles are known. */
export function navigation(place: Place, roles: readonly string[], entries: readonly Entry[] = ENTRIES): NavLinkTo[] {
  return entries.flatMap(({ key, to, roles: needed, end = false }) => {
    const address = to(place);
    const allowed = needed === undefined || needed.some((role) => roles.includes(role));
    return address === null || !allowed ? [] : [{ key, to: address, end }];
  });
}

/** Names the site that is shown and leads to the others. */
import * as Dropdown from '@radix-ui/react-dropdown-menu';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Site } from '../api/queries';
import { Chevron } from '../ui/shapes';

export function SiteSwitcher({ sites, current }: { sites: readonly Site[]; current: string | undefined }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = sites.find((site) => site.code === current)?.name ?? current ?? t('app.site');
  if (sites.length === 0) return <span className="truncate font-semibold">{current}</span>;
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger className="button-quiet min-w-0 font-semibold" aria-label={t('app.chooseSite', { name })}>
        <span className="truncate">{name}</span>
        <Chevron />
      </Dropdown.Trigger>
      <Dropdown.Content className="menu" align="start" sideOffset={6} collisionPadding={8}>
        <Dropdown.RadioGroup value={current ?? ''} onValueChange={(code) => { void navigate(`/sites/${encodeURIComponent(code)}`); }}>
          {sites.map((site) => (
            <Dropdown.RadioItem key={site.code} value={site.code} className="menu-item">
              <span aria-hidden="true" className="menu-mark"><Dropdown.ItemIndicator>●</Dropdown.ItemIndicator></span>
              {site.name}
            </Dropdown.RadioItem>
          ))}
        </Dropdown.RadioGroup>
      </Dropdown.Content>
    </Dropdown.Root>
  );
}

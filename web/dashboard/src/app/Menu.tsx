/** Language, appearance and signing out. */
import * as Dropdown from '@radix-ui/react-dropdown-menu';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { meQuery } from '../api/queries';
import { chooseLanguage, isLanguage, LANGUAGES } from '../i18n';
import { MenuShape } from '../ui/shapes';
import { useSession } from './hooks';
import { NavItems } from './Nav';
import { api, session } from './services';
import { chooseTheme, isTheme, THEMES, useTheme } from './theme';

export function Menu() {
  const { t, i18n } = useTranslation();
  const theme = useTheme((state) => state.theme);
  const signedIn = useSession().name !== 'signed_out';
  return (
    // Not modal: a modal menu locks scrolling with an inline style sheet, which the content security policy refuses.
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger className="button-quiet" aria-label={t('app.menu')}>
        <MenuShape />
      </Dropdown.Trigger>
      <Dropdown.Content className="menu" align="end" sideOffset={6} collisionPadding={8}>
        {signedIn && <SignedInAs />}
        {signedIn && <NavItems />}
        <Choices label={t('app.language')} value={i18n.language} onChoose={(value) => { if (isLanguage(value)) chooseLanguage(value); }}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <Choice key={code} value={code} lang={code}>{name}</Choice>
          ))}
        </Choices>
        <Choices label={t('app.theme')} value={theme} onChoose={(value) => { if (isTheme(value)) chooseTheme(value); }}>
          {THEMES.map((name) => (
            <Choice key={name} value={name}>{t(`app.themes.${name}`)}</Choice>
          ))}
        </Choices>
        {signedIn && <Dropdown.Separator className="my-1 border-t border-line" />}
        {signedIn && <Dropdown.Item className="menu-item" onSelect={() => { void session.logout(); }}>{t('app.signOut')}</Dropdown.Item>}
      </Dropdown.Content>
    </Dropdown.Root>
  );
}

function SignedInAs() {
  const { t } = useTranslation();
  const status = useSession();
  const known = status.name === 'signed_in' ? status.user : null;
  const { data } = useQuery({ ...meQuery(api), enabled: known === null });
  const user = known ?? data;
  if (user === undefined) return null;
  return <Dropdown.Label className="menu-label">{t('app.signedInAs', { name: user.name ?? user.email })}</Dropdown.Label>;
}

type ChoicesProps = { label: string; value: string; onChoose: (value: string) => void; children: ReactNode };

function Choices({ label, value, onChoose, children }: ChoicesProps) {
  return (
    <Dropdown.Group>
      <Dropdown.Label className="menu-label">{label}</Dropdown.Label>
      <Dropdown.RadioGroup value={value} onValueChange={onChoose} aria-label={label}>{children}</Dropdown.RadioGroup>
    </Dropdown.Group>
  );
}

function Choice({ value, lang, children }: { value: string; lang?: string; children: ReactNode }) {
  return (
    <Dropdown.RadioItem className="menu-item" value={value} lang={lang}>
      <span aria-hidden="true" className="menu-mark"><Dropdown.ItemIndicator>●</Dropdown.ItemIndicator></span>
      {children}
    </Dropdown.RadioItem>
  );
}

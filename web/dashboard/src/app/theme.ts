/** Light or dark: as the device says, unless the user chose. */
import { create } from 'zustand';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'topsteel.theme';

export function isTheme(value: string | null): value is Theme {
  return THEMES.some((theme) => theme === value);
}

function stored(): Theme {
  const value = localStorage.getItem(STORAGE_KEY);
  return isTheme(value) ? value : 'system';
}

export const useTheme = create<{ theme: Theme }>(() => ({ theme: stored() }));

/** Sets the theme on the document; the style sheet does the rest. */
export function applyTheme(theme: Theme = useTheme.getState().theme): void {
  document.documentElement.dataset['theme'] = theme;
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORAGE_KEY, theme);
  useTheme.setState({ theme });
  applyTheme(theme);
}

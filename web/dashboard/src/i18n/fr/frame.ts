/** French texts of the navigation and of a new version. */
import type { nav as englishNav, version as englishVersion } from '../en/frame';

export const nav: typeof englishNav = {
  label: 'Vues',
  board: 'Tableau',
  terminal: 'Terminal',
  alerts: 'Alertes',
  messages: 'Messages',
  kpi: 'Indicateurs',
  kiosk: 'Écran mural',
  trail: 'Où vous êtes',
};

export const version: typeof englishVersion = {
  ready: 'Une nouvelle version de cette page est prête.',
  load: 'La charger',
};

/** French texts of the kiosk. */
import type { kiosk as english } from '../en/kiosk';

export const kiosk: typeof english = {
  next: 'Ensuite : {{next}} dans {{seconds, number}} s',
  held: 'En pause · ensuite : {{next}}',
  controls: 'Écran mural',
  previous: 'Précédent',
  following: 'Suivant',
  pause: 'Mettre en pause',
  resume: 'Reprendre',
  fullScreen: 'Plein écran',
  window: 'Fenêtre',
  leave: 'Quitter (Échap)',
  crashed: 'La page va se recharger d’elle-même dans un instant.',
};

/** French texts about what is done with a stop. */
import type { stops as english } from '../en/stops';

export const stops: typeof english = {
  close: 'Fermer',
  cancel: 'Annuler',
  noReasons: 'Aucun motif n’est défini pour cette ligne. Un commentaire peut être laissé.',
  clearReason: 'Sans motif',
  commentTitle: 'Commenter l’arrêt',
  comment: 'Commentaire',
  commentHint: 'Un commentaire vide supprime l’ancien.',
  commentTooLong: '{{n, number}} caractères au plus.',
  saveComment: 'Enregistrer',
  splitTitle: 'Diviser l’arrêt',
  splitAt: 'Diviser à {{time}}',
  split: 'Diviser',
  earlier: 'Plus tôt de {{step}}',
  later: 'Plus tard de {{step}}',
  firstPart: 'Première partie',
  secondPart: 'Seconde partie',
  lasting: 'maintenant',
  tooShort: 'Cet arrêt est trop court pour être divisé.',
};

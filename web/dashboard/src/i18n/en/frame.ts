/** English texts of the navigation and of a new version. */
export const nav = {
  label: 'Views',
  board: 'Board',
  terminal: 'Terminal',
  alerts: 'Alerts',
  messages: 'Messages',
  kpi: 'Key figures',
  kiosk: 'Wall board',
  trail: 'Where you are',
};

export const version = {
  ready: 'A new version of this page is ready.',
  load: 'Load it',
};

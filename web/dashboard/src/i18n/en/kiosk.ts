/** English texts of the kiosk. */
export const kiosk = {
  next: 'Next: {{next}} in {{seconds, number}} s',
  held: 'Held · next: {{next}}',
  controls: 'Wall board',
  previous: 'Previous',
  following: 'Next',
  pause: 'Hold',
  resume: 'Go on',
  fullScreen: 'Full screen',
  window: 'Window',
  leave: 'Leave (Esc)',
  crashed: 'The page is loaded again by itself in a moment.',
};

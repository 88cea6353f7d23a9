/** Where to go after signing in. */

/** Only a path of this application is followed; anything that a browser could read as another host leads home. */
export function nextPath(next: string | null): string {
  if (!next?.startsWith('/')) return '/';
  const base = 'http://hub.invalid';
  if (!URL.canParse(next, base)) return '/';
  const url = new URL(next, base);
  return url.origin === base && !url.pathname.startsWith('/login') ? url.pathname + url.search : '/';
}

/** The navigation offers what there is from here, to whom it is of use. */
import { expect, it } from 'vitest';
import { navigation } from './nav';

it('leads to the board of the site where the user is, else to the first', () => {
  const board = (site: string | undefined) => navigation({ site, line: undefined }, []).find(({ key }) => key === 'board')?.to;
  expect(board('rouen sud')).toBe('/sites/rouen%20sud');
  expect(board(undefined)).toBe('/');
});

it('hides what the roles do not allow and what has no place here', () => {
  const entries = [
    { key: 'alerts', to: () => '/a', roles: ['supervisor', 'admin'] },
    { key: 'kiosk', to: ({ line }: { line: string | undefined }) => (line === undefined ? null : '/k') },
  ] as const;
  const offered = (roles: string[], line?: string) => navigation({ site: 's', line }, roles, entries).map(({ key }) => key);
  expect(offered(['viewer'])).toEqual([]);
  expect(offered(['viewer', 'admin'], 'l')).toEqual(['alerts', 'kiosk']);
});

/** The target after signing in never leaves the application. */
import { expect, it } from 'vitest';
import { nextPath } from './next';

it.each([
  [null, '/'],
  ['/sites/rouen?show=down', '/sites/rouen?show=down'],
  ['//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/login?next=/login', '/'],
])('%s leads to %s', (next, expected) => {
  expect(nextPath(next)).toBe(expected);
});

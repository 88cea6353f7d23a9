/** What the board makes of its data: reading, sorting by need, filtering, and the size of the tiles. */
import { describe, expect, it, vi } from 'vitest';
import { mergePatch } from '../../live/merge';
import { toneOf } from '../../vocabulary';
import { boardLayout } from './layout';
import { byNeed, groupOf, matches } from './need';
import { type Line, readSite } from './site';

const lines = (data: Record<string, object>) => readSite(JSON.parse(JSON.stringify({ lines: data })) as Parameters<typeof readSite>[0]).lines;
const one = (data: object): Line => {
  const [line] = lines({ saw: data });
  if (line === undefined) throw new Error('no line');
  return line;
};

describe('reading', () => {
  it('takes what is absent as unknown or none', () => {
    expect(one({})).toMatchObject({ code: 'saw', name: 'saw', status: 'unknown', shift: {}, alerts: { critical: 0 } });
    expect(one({}).shift.oee).toBeUndefined();
  });

  it('shows a line that it does not understand as unknown, with its name', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(one({ name: 'Saw 1', status: 'running', since: 'yesterday' })).toMatchObject({ name: 'Saw 1', status: 'unknown' });
    expect(one({ name: 'Saw 1', status: 'teleporting', andon: 'green' })).toMatchObject({ status: 'unknown' });
    expect(warn).toHaveBeenCalledOnce();
  });

  it('keeps the identity of lines that did not change', () => {
    const before = { lines: { a: { status: 'running' }, b: { status: 'running' } } };
    const after = mergePatch(before, { lines: { b: { status: 'down' } } });
    const [a, b] = [readSite(before).lines, readSite(after).lines];
    expect(b[0]).toBe(a[0]);
    expect(b[1]).not.toBe(a[1]);
  });
});

describe('need', () => {
  it('puts down first, then alerts, stopped, unknown, running', () => {
    const board = lines({
      r: { status: 'running' },
      u: { status: 'offline' },
      s: { status: 'setup' },
      a: { status: 'running', alerts: { low: 1 } },
      d: { status: 'down' },
    });
    expect(byNeed(board).map((line) => line.code)).toEqual(['d', 'a', 's', 'u', 'r']);
  });

  it('puts the graver alert, then the longer stop, then the name first', () => {
    const board = lines({
      'Line 10': { status: 'down', since: '2026-11-22T10:00:00Z' },
      'Line 9': { status: 'down', since: '2026-11-22T10:00:00Z' },
      older: { status: 'down', since: '2026-11-22T09:00:00Z' },
      undated: { status: 'down' },
      grave: { status: 'down', alerts: { critical: 1 } },
    });
    expect(byNeed(board).map((line) => line.code)).toEqual(['grave', 'older', 'Line 9', 'Line 10', 'undated']);
  });

  it('takes the colour from the hub, and never colours the unknown', () => {
    expect(toneOf(one({ status: 'running', andon: 'red' }))).toBe('red');
    expect(toneOf(one({ status: 'down' }))).toBe('red');
    expect(toneOf(one({ andon: 'green' }))).toBe('grey');
    expect(groupOf(one({ status: 'maintenance' }))).toBe('stopped');
  });

  it('finds a line by name, order or article, whatever the accents', () => {
    const line = one({ name: 'Découpe 1', status: 'idle', order: { code: 'PO-7', article: 'COIL-3' } });
    expect(matches(line, 'all', 'decoupe')).toBe(true);
    expect(matches(line, 'stopped', 'coil')).toBe(true);
    expect(matches(line, 'down', '')).toBe(false);
    expect(matches(line, 'all', 'press')).toBe(false);
  });
});

describe('layout', () => {
  const fullHd = [1880, 930, 17] as const;

  it.each([1, 2, 8, 12, 24, 40])('shows %i tiles on a full HD wall without scrolling', (count) => {
    const layout = boardLayout(count, ...fullHd);
    expect(layout.fits).toBe(true);
    expect(layout.columns * Math.ceil(count / layout.columns)).toBeGreaterThanOrEqual(count);
  });

  it('makes the type larger when there are fewer tiles', () => {
    const sizes = [1, 8, 40].map((count) => boardLayout(count, ...fullHd).fontPx);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('scrolls in one column on a telephone', () => {
    expect(boardLayout(8, 336, 600, 15)).toMatchObject({ columns: 1, fits: false });
  });
});

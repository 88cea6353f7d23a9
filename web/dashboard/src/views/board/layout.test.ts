/** The size of the tiles: everything at once on a wall and legible from ten metres, comfortable at a desk, scrolling on a telephone. */
import { describe, expect, it } from 'vitest';
import { boardLayout } from './layout';

/** What a full HD and a 4K wall leave to the tiles under the bar of the kiosk. */
const WALLS = [
  { name: 'full HD', width: 1900, height: 1010, rootPx: 17.1, wallPx: 1080 },
  { name: '4K', width: 3800, height: 2050, rootPx: 26, wallPx: 2160 },
];
const desk = { width: 1880, height: 930, rootPx: 17, wallPx: null };
/** How much larger than a tile's own type its name is. */
const NAME_EM = { full: 1.4, compact: 1.3, essential: 1 };

describe.each(WALLS)('on a $name wall', (wall) => {
  it.each([1, 2, 3, 4, 7, 10, 12, 24, 40, 80, 120, 200, 201, 500])('%i tiles fill the screen without scrolling', (count) => {
    const layout = boardLayout(count, wall);
    expect(layout.fits).toBe(true);
    expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(count);
    // No row is empty.
    expect(layout.columns * (layout.rows - 1)).toBeLessThan(count);
  });

  it.each([1, 4, 10, 12])('names and states of %i tiles are read from ten metres', (count) => {
    const { detail, fontPx } = boardLayout(count, wall);
    expect(detail).toBe('full');
    expect((NAME_EM[detail] * fontPx) / wall.wallPx).toBeGreaterThan(0.025);
    expect((1.15 * fontPx) / wall.wallPx).toBeGreaterThan(0.02);
  });

  it('names of 40 tiles are at least 2 %, of 200 at least 1.2 % of the height', () => {
    const name = (count: number) => {
      const { detail, fontPx } = boardLayout(count, wall);
      return (NAME_EM[detail] * fontPx) / wall.wallPx;
    };
    expect(name(40)).toBeGreaterThan(0.02);
    expect(name(200)).toBeGreaterThan(0.012);
  });

  it('says less as tiles become more', () => {
    expect([12, 40, 200].map((count) => boardLayout(count, wall).detail)).toEqual(['full', 'compact', 'essential']);
  });

  it('leaves few cells empty', () => {
    const { columns, rows } = boardLayout(10, wall);
    expect([columns, rows]).toEqual([5, 2]);
  });
});

describe('at a desk', () => {
  it.each([1, 2, 8, 12, 24, 40])('shows %i tiles on a full HD screen without scrolling', (count) => {
    expect(boardLayout(count, desk).fits).toBe(true);
  });

  it('makes the type larger when there are fewer tiles', () => {
    const sizes = [1, 8, 20].map((count) => boardLayout(count, desk).fontPx);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('scrolls rather than leaving out what a supervisor wants to read', () => {
    expect(boardLayout(200, desk)).toMatchObject({ fits: false, detail: 'compact' });
    expect(boardLayout(20, { width: 336, height: 600, rootPx: 15, wallPx: null })).toMatchObject({ columns: 1, fits: false, detail: 'full' });
  });

  it('survives an area without room', () => {
    expect(boardLayout(8, { width: 0, height: -20, rootPx: 15, wallPx: null }).columns).toBe(1);
    expect(boardLayout(8, { width: 0, height: -20, rootPx: 15, wallPx: 600 }).fits).toBe(true);
  });
});

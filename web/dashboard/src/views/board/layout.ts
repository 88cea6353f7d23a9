/** How many columns a board has, how large its type is and how much a tile says: as large as fits, so that a wall board never scrolls. */

/** How much a tile says. What is left out as tiles get smaller is what nobody could read from where they stand. */
export type Detail = 'full' | 'compact' | 'essential';

/** What a tile of each detail needs, in units of its own font size. */
const TILE_EM: Record<Detail, { width: number; height: number; gap: number }> = {
  full: { width: 17.5, height: 14.5, gap: 0.6 },
  compact: { width: 13, height: 7.6, gap: 0.5 },
  essential: { width: 7.6, height: 4.2, gap: 0.4 },
};

/** A wall is read from ten metres: the smallest type is a share of the height of the screen. */
const WALL_SMALLEST: Record<Detail, number> = { full: 0.0155, compact: 0.0115, essential: 0 };
/** A desk is read from near; type is a share of the user's own font size. */
const DESK_SMALLEST: Record<Detail, number> = { full: 0.8, compact: 0.85, essential: Infinity };
const DESK_SCROLLING = 0.94;
const DESK_LARGEST = 3.6;
/** Beyond this many tiles a page that scrolls is an overview first. */
const SCROLLING_FULL = 24;
/** From this height on a full tile, in its own font size, has room for larger figures. */
const TALL_EM = 17;
/** Cells that stay empty are ugly, but never cost more than this share of the type size. */
const EMPTY_COST = 0.5;

export type BoardLayout = {
  columns: number;
  rows: number;
  fontPx: number;
  detail: Detail;
  /** The tiles share the height; otherwise the page scrolls. */
  fits: boolean;
  tall: boolean;
};

export type Area = {
  width: number;
  height: number;
  /** The user's font size. */
  rootPx: number;
  /** The height of the whole screen, for a board on a wall; null at a desk. */
  wallPx: number | null;
};

/** The layout for `count` tiles in an area. On a wall everything is shown at once, whatever it takes. */
export function boardLayout(count: number, area: Area): BoardLayout {
  const tiles = Math.max(1, count);
  for (const detail of ['full', 'compact', 'essential'] as const) {
    const found = largest(tiles, area, detail);
    const smallest = area.wallPx === null ? DESK_SMALLEST[detail] * area.rootPx : WALL_SMALLEST[detail] * area.wallPx;
    if (found.fontPx >= smallest) return filling(found, area, detail);
  }
  return scrolling(tiles, area);
}

type Grid = { columns: number; rows: number; fontPx: number };

/** The grid with the largest type, unless one that leaves fewer cells empty is nearly as large. */
function largest(tiles: number, { width, height }: Area, detail: Detail): Grid {
  const em = TILE_EM[detail];
  let best: Grid = { columns: 1, rows: tiles, fontPx: 0 };
  let bestScore = -1;
  for (let columns = 1; columns <= tiles; columns += 1) {
    const rows = Math.ceil(tiles / columns);
    const fontPx = Math.max(0, Math.min(width / (columns * (em.width + em.gap) - em.gap), height / (rows * (em.height + em.gap) - em.gap)));
    const empty = 1 - tiles / (columns * rows);
    const score = fontPx * (1 - EMPTY_COST * empty);
    if (score > bestScore) [best, bestScore] = [{ columns, rows, fontPx }, score];
  }
  return best;
}

function filling({ columns, rows, fontPx }: Grid, { height, rootPx, wallPx }: Area, detail: Detail): BoardLayout {
  const shown = wallPx === null ? Math.min(fontPx, DESK_LARGEST * rootPx) : fontPx;
  const rowEm = height / shown / rows - TILE_EM[detail].gap;
  return { columns, rows, fontPx: shown, detail, fits: true, tall: detail === 'full' && rowEm >= TALL_EM };
}

function scrolling(tiles: number, { width, rootPx }: Area): BoardLayout {
  const detail = tiles > SCROLLING_FULL ? 'compact' : 'full';
  const em = TILE_EM[detail];
  const fontPx = DESK_SCROLLING * rootPx;
  const columns = Math.min(tiles, Math.max(1, Math.floor((width + em.gap * fontPx) / ((em.width + em.gap) * fontPx))));
  return { columns, rows: Math.ceil(tiles / columns), fontPx, detail, fits: false, tall: false };
}

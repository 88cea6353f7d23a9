/** How many columns a board has and how large its type is: as large as fits, so that a wall board never scrolls if it can help it. */

/** A tile that reads well, in units of its own font size. */
const TILE_EM = { width: 17.5, height: 14.5 };
const GAP_EM = 0.6;
/** Type sizes in units of the root font size. */
const SMALLEST = 0.68;
const SCROLLING = 0.94;
const LARGEST = 3.6;
/** From this height on a tile, in its own font size, has room for larger figures. */
const TALL_EM = 17;

export type BoardLayout = { columns: number; fontPx: number; /** The tiles share the height; otherwise the page scrolls. */ fits: boolean; tall: boolean };

/** The layout for `count` tiles in an area of the given size; `rootPx` is the user's font size. */
export function boardLayout(count: number, width: number, height: number, rootPx: number): BoardLayout {
  const tiles = Math.max(1, count);
  let best = { columns: 1, fontPx: 0 };
  for (let columns = 1; columns <= tiles; columns += 1) {
    const rows = Math.ceil(tiles / columns);
    const fontPx = Math.min(width / (columns * (TILE_EM.width + GAP_EM) - GAP_EM), height / (rows * (TILE_EM.height + GAP_EM) - GAP_EM));
    if (fontPx > best.fontPx) best = { columns, fontPx };
  }
  if (best.fontPx >= SMALLEST * rootPx) {
    const fontPx = Math.min(best.fontPx, LARGEST * rootPx);
    const rowEm = height / fontPx / Math.ceil(tiles / best.columns) - GAP_EM;
    return { columns: best.columns, fontPx, fits: true, tall: rowEm >= TALL_EM };
  }
  const fontPx = SCROLLING * rootPx;
  const columns = Math.max(1, Math.floor((width + GAP_EM * fontPx) / ((TILE_EM.width + GAP_EM) * fontPx)));
  return { columns: Math.min(columns, tiles), fontPx, fits: false, tall: false };
}

/** CSV for spreadsheets: RFC 4180, comma, UTF-8 with a byte order mark, and no cell that a spreadsheet would run as a formula. */

export type Cell = string | number | undefined;

const BYTE_ORDER_MARK = '\ufeff';

/** A first row of headings, then the rows; what is not known is an empty cell. */
export function csvOf(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return BYTE_ORDER_MARK + [headings, ...rows].map((row) => `${row.map(written).join(',')}\r\n`).join('');
}

function written(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  // What begins so is a formula to a spreadsheet, also within quotes.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a text to the browser as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Pages of /api/v1, bounded in bytes as well as in entries. */

/** 200 entries of a usual size; the largest legal facts of items fill it with 40. */
const PAGE_BYTES_MAX = 160 * 1024;

/**
 * Returns the entries that fit into a page, one at least, and the cursor behind them; null behind the last row.
 * `entries` are the first `rows`, shown; one row more tells that there is another page.
 */
export function toPage<Row, Entry>(
  rows: readonly Row[],
  entries: readonly Entry[],
  cursorAfter: (row: Row) => string,
): { data: Entry[]; nextCursor: string | null } {
  let bytes = 0;
  const tooLarge = entries.findIndex((entry, index) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  const data = tooLarge < 0 ? [...entries] : entries.slice(0, tooLarge);
  const last = rows.length > data.length ? rows[data.length - 1] : undefined;
  return { data, nextCursor: last === undefined ? null : cursorAfter(last) };
}

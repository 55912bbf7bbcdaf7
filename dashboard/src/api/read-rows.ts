export type RowsPage<Row> = {
  readonly data: readonly Row[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
};

export const PAGE_ROWS = 50;

/** After this many calls, a person decides whether to continue the search. */
const CALLS_MAX = 5;

/**
 * Reads one page of a filtered list. The server searches a bounded number of rows per call, so it can return fewer rows
 * than requested, or none, although more rows match. This function therefore calls again until the page is full or the
 * list ends, and gives up after `CALLS_MAX` calls. All other fields of the result come from the last response.
 */
export async function readRows<Row, Page extends RowsPage<Row>>(
  read: (limit: number, cursor: string | null) => Promise<Page & RowsPage<Row>>,
  from: string | null,
): Promise<Omit<Page, "data"> & { readonly data: readonly Row[] }> {
  const rows: Row[] = [];
  let cursor = from;
  for (let calls = 1; ; calls += 1) {
    const page = await read(PAGE_ROWS - rows.length, cursor);
    rows.push(...page.data);
    const isDone = !page.has_more || rows.length >= PAGE_ROWS || calls === CALLS_MAX;
    if (isDone) return { ...page, data: rows };
    cursor = page.next_cursor;
  }
}

import { type SelectQueryBuilder, sql } from "kysely";

/** A position in a list: the last row seen. Rows that arrive later neither shift nor repeat the rows after it. */
export type Position = { readonly createdAt: number; readonly id: string };
export type PageRequest = { readonly limit: number; readonly after: Position | null };
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  /** Where the next page continues, if not after the last row of this one. */
  readonly stoppedAt?: Position;
};

type Paged = { id: string; created_at: number };
export type Direction = "asc" | "desc";
/** The last two columns of the index by which a list is walked. */
export type WalkColumns = { readonly time: string; readonly id: string };

const WALK_COLUMNS: WalkColumns = { time: "created_at", id: "id" };

/** Rows examined for one page of a filter without an index: some 10 ms on either database, whatever the table's size. */
export const ROWS_LOOKED_AT_MAX = 10_000;
/** Rows examined in one statement, during which the embedded database blocks everyone: some 3 ms. */
export const SLICE_ROWS = 2500;

/** Reads one page, newest first, by an index that ends in these two columns, which are returned as `created_at` and `id`. */
export async function readPage<DB, Table extends keyof DB, Row extends Paged>(
  query: SelectQueryBuilder<DB, Table, Row>,
  page: PageRequest,
  columns: WalkColumns = WALK_COLUMNS,
): Promise<Page<Row>> {
  const found = await walk(
    within(query, { after: page.after, until: null }, "desc", columns),
    "desc",
    columns,
  )
    .limit(page.limit + 1)
    .execute();
  return { rows: found.slice(0, page.limit), hasMore: found.length > page.limit };
}

/**
 * Reads one page of a filtered list, newest first. It examines a bounded part of the list, so a page can have fewer
 * rows than requested, even none, although more follow.
 *
 * @param list The same list without the filter: what the index alone can walk.
 */
export async function readSparsePage<
  DB,
  Table extends keyof DB,
  Row extends Paged,
  ListDB,
  ListTable extends keyof ListDB,
>(
  query: SelectQueryBuilder<DB, Table, Row>,
  list: SelectQueryBuilder<ListDB, ListTable, Paged>,
  page: PageRequest,
  columns: WalkColumns = WALK_COLUMNS,
): Promise<Page<Row>> {
  const rows: Row[] = [];
  let after = page.after;
  for (let looked = 0; looked < ROWS_LOOKED_AT_MAX; looked += SLICE_ROWS) {
    const until: Position | null = await readSliceEnd(list, after, "desc", columns, SLICE_ROWS);
    const slice = within(query, { after, until }, "desc", columns);
    rows.push(
      ...(await walk(slice, "desc", columns)
        .limit(page.limit + 1 - rows.length)
        .execute()),
    );
    if (rows.length > page.limit) return { rows: rows.slice(0, page.limit), hasMore: true };
    if (until === null) return { rows, hasMore: false };
    after = until;
  }
  return after === null ? { rows, hasMore: true } : { rows, hasMore: true, stoppedAt: after };
}

/** The position after a slice of a list; null when the slice contains all remaining rows. */
export async function readSliceEnd<DB, Table extends keyof DB>(
  list: SelectQueryBuilder<DB, Table, Paged>,
  after: Position | null,
  direction: Direction,
  columns: WalkColumns = WALK_COLUMNS,
  rowsMax: number = ROWS_LOOKED_AT_MAX,
): Promise<Position | null> {
  const remaining = within(list, { after, until: null }, direction, columns);
  const [last, next] = await walk(remaining, direction, columns)
    .limit(2)
    .offset(rowsMax - 1)
    .execute();
  return last === undefined || next === undefined ? null : { createdAt: last.created_at, id: last.id };
}

/** A slice of a list: from after one row up to and including another. */
export type Slice = { readonly after: Position | null; readonly until: Position | null };

/** Restricts a list to a slice. */
export function within<DB, Table extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, Table, Row>,
  { after, until }: Slice,
  direction: Direction,
  columns: WalkColumns = WALK_COLUMNS,
): SelectQueryBuilder<DB, Table, Row> {
  const time = sql`${sql.ref(columns.time)}`;
  const position = sql`(${time}, ${sql.ref(columns.id)})`;
  const [beyond, upTo] = direction === "desc" ? [sql`<`, sql`>=`] : [sql`>`, sql`<=`];
  let rows = query;
  if (after !== null)
    rows = rows.where(sql<boolean>`${position} ${beyond} (${after.createdAt}, ${after.id})`);
  if (until !== null) rows = rows.where(sql<boolean>`${position} ${upTo} (${until.createdAt}, ${until.id})`);
  if (after !== null && until !== null) {
    // Redundant, but it shows PostgreSQL how small the slice is; otherwise it may read the whole table.
    const [from, to] = direction === "desc" ? [until, after] : [after, until];
    rows = rows.where(sql<boolean>`${time} between ${from.createdAt} and ${to.createdAt}`);
  }
  return rows;
}

function walk<DB, Table extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, Table, Row>,
  direction: Direction,
  columns: WalkColumns,
): SelectQueryBuilder<DB, Table, Row> {
  return query.orderBy(sql.ref(columns.time), direction).orderBy(sql.ref(columns.id), direction);
}

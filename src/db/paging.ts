import { type SelectQueryBuilder, sql } from "kysely";

/** A place in a list: the last row seen. Rows that arrive later neither shift nor repeat what follows it. */
export type Position = { readonly createdAt: number; readonly id: string };
export type PageRequest = { readonly limit: number; readonly after: Position | null };
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  /** Where the next page goes on, when that is not after the last row of this one. */
  readonly stoppedAt?: Position;
};

type Paged = { id: string; created_at: number };
export type Direction = "asc" | "desc";
/** The columns of the index a list is walked by, the last two of it. */
export type WalkColumns = { readonly time: string; readonly id: string };

const WALK_COLUMNS: WalkColumns = { time: "created_at", id: "id" };

/** Rows looked at for one page of a filter that no index serves: some 10 ms on either database, whatever the table holds. */
export const ROWS_LOOKED_AT_MAX = 10_000;
/** Rows looked at in one statement, during which the embedded database keeps everyone waiting: some 3 ms. */
export const SLICE_ROWS = 2500;

/**
 * Reads one page, newest first, by an index that ends in these two columns; their values come back as `created_at` and
 * `id`.
 */
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
 * Reads one page of what a filter leaves of a list, newest first. It looks at a bounded part of the list, so a page may
 * hold fewer rows than asked for, even none, and still have more after it.
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

/** Where a walk stands after a slice of a list; null when the slice holds all the rest. */
export async function readSliceEnd<DB, Table extends keyof DB>(
  list: SelectQueryBuilder<DB, Table, Paged>,
  after: Position | null,
  direction: Direction,
  columns: WalkColumns = WALK_COLUMNS,
  rowsMax: number = ROWS_LOOKED_AT_MAX,
): Promise<Position | null> {
  const rest = within(list, { after, until: null }, direction, columns);
  const [last, next] = await walk(rest, direction, columns)
    .limit(2)
    .offset(rowsMax - 1)
    .execute();
  return last === undefined || next === undefined ? null : { createdAt: last.created_at, id: last.id };
}

/** A slice of a list: what comes after one row, up to and with another. */
export type Slice = { readonly after: Position | null; readonly until: Position | null };

/** Leaves of a list what lies in the slice. */
export function within<DB, Table extends keyof DB, Row>(
  query: SelectQueryBuilder<DB, Table, Row>,
  { after, until }: Slice,
  direction: Direction,
  columns: WalkColumns = WALK_COLUMNS,
): SelectQueryBuilder<DB, Table, Row> {
  const time = sql`${sql.ref(columns.time)}`;
  const place = sql`(${time}, ${sql.ref(columns.id)})`;
  const [beyond, upTo] = direction === "desc" ? [sql`<`, sql`>=`] : [sql`>`, sql`<=`];
  let rows = query;
  if (after !== null) rows = rows.where(sql<boolean>`${place} ${beyond} (${after.createdAt}, ${after.id})`);
  if (until !== null) rows = rows.where(sql<boolean>`${place} ${upTo} (${until.createdAt}, ${until.id})`);
  if (after !== null && until !== null) {
    // Says nothing new, but PostgreSQL sees in it how small the slice is, and else may read the whole table.
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

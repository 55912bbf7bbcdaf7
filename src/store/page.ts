import { type SelectQueryBuilder, sql } from "kysely";

/** A place in a list: the last row seen. Rows that arrive later neither shift nor repeat what follows it. */
export type Position = { readonly createdAt: number; readonly id: string };
export type PageRequest = { readonly limit: number; readonly after: Position | null };
export type Page<Row> = { readonly rows: readonly Row[]; readonly hasMore: boolean };

type Paged = { id: string; created_at: number };

/**
 * Reads one page, newest first, by an index that ends in these two columns; their values come back as `created_at` and
 * `id`.
 */
export async function readPage<DB, Table extends keyof DB, Row extends Paged>(
  query: SelectQueryBuilder<DB, Table, Row>,
  page: PageRequest,
  timeColumn = "created_at",
  idColumn = "id",
): Promise<Page<Row>> {
  const time = sql<number>`${sql.ref(timeColumn)}`;
  const id = sql<string>`${sql.ref(idColumn)}`;
  let rows = query;
  const { after } = page;
  if (after !== null) {
    rows = rows.where(sql<boolean>`(${time}, ${id}) < (${after.createdAt}, ${after.id})`);
  }
  const found = await rows
    .orderBy(time, "desc")
    .orderBy(id, "desc")
    .limit(page.limit + 1)
    .execute();
  return { rows: found.slice(0, page.limit), hasMore: found.length > page.limit };
}

import type { SelectQueryBuilder } from "kysely";
import type { Schema } from "./schema.ts";

/** A place in a list: the last row seen. Rows that arrive later neither shift nor repeat what follows it. */
export type Position = { readonly createdAt: number; readonly id: string };
export type PageRequest = { readonly limit: number; readonly after: Position | null };
export type Page<Row> = { readonly rows: readonly Row[]; readonly hasMore: boolean };

type Paged = { id: string; created_at: number };
type PagedTable = "audit_entries" | "api_keys" | "connections" | "deliveries";

/** Reads one page, newest first, by the table's (created_at, id) index. */
export async function readPage<Table extends PagedTable, Row extends Paged>(
  query: SelectQueryBuilder<Schema, Table, Row>,
  page: PageRequest,
): Promise<Page<Row>> {
  let rows = query as unknown as SelectQueryBuilder<{ row: Paged }, "row", Row>;
  const { after } = page;
  if (after !== null) {
    rows = rows.where((eb) =>
      eb.or([
        eb("created_at", "<", after.createdAt),
        eb.and([eb("created_at", "=", after.createdAt), eb("id", "<", after.id)]),
      ]),
    );
  }
  const found = await rows
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1)
    .execute();
  return { rows: found.slice(0, page.limit), hasMore: found.length > page.limit };
}

import { type RawBuilder, sql } from "kysely";
import type { Dialect, Store } from "./open.ts";

/**
 * The database server's time in epoch milliseconds, as a part of a query; for the embedded database, this process's
 * time.
 */
export function databaseClock(dialect: Dialect, now: () => number): RawBuilder<number> {
  if (dialect === "sqlite") return sql<number>`${sql.val(now())}`;
  return sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
}

/** The database server's time in epoch milliseconds; for the embedded database, this machine's time. */
export async function readClock({ db, dialect }: Pick<Store, "db" | "dialect">): Promise<number> {
  if (dialect === "sqlite") return Date.now();
  const { rows } = await sql<{ now: number }>`select ${databaseClock(dialect, Date.now)} as now`.execute(db);
  return rows[0]?.now ?? Number.NaN;
}

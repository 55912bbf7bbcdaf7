import { sql } from "kysely";
import type { Store } from "./open.ts";

/** The database server's clock in epoch milliseconds; the embedded one has this machine's. */
export async function readClock({ db, dialect }: Store): Promise<number> {
  if (dialect === "sqlite") return Date.now();
  const { rows } = await sql<{
    now: number;
  }>`select extract(epoch from clock_timestamp())::float8 * 1000 as now`.execute(db);
  return rows[0]?.now ?? Number.NaN;
}

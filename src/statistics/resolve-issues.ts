import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import { setIssueState } from "../domain/issue.ts";
import { runColumns, toRun } from "./issue-row.ts";

/** Resolves the open issues of a connection that sends nothing any more. */
export async function resolveIssuesOf(
  trx: DatabaseTransaction,
  dialect: Dialect,
  connectionId: string,
  now: number,
): Promise<void> {
  const rows = await trx
    .selectFrom("issues")
    .selectAll()
    .where("connection_id", "=", connectionId)
    .where("state", "!=", "resolved")
    .orderBy("id")
    .$if(dialect === "postgres", (query) => query.forUpdate())
    .execute();
  for (const row of rows) {
    const run = setIssueState(toRun(row), "resolved", now);
    await trx.updateTable("issues").set(runColumns(run)).where("id", "=", row.id).execute();
  }
}

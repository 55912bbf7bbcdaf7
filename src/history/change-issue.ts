import type { Database, Dialect } from "../db/open.ts";
import type { Actor } from "../domain/actor.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type IssueState, setIssueState } from "../domain/issue.ts";
import { runColumns, toRun } from "../statistics/issue-row.ts";
import { issueNotFound } from "./read-issues.ts";

type ChangeIssueDeps = {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly now: () => number;
  readonly recordAudit: (db: Database, entry: AuditEntry, now: number) => Promise<void>;
};

const ACTIONS = { open: "issue.reopened", muted: "issue.muted", resolved: "issue.resolved" } as const;

/**
 * Mutes, resolves or reopens an issue. Repeating it changes nothing.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function changeIssue(
  { db, dialect, now, recordAudit }: ChangeIssueDeps,
  actor: Actor,
  id: string,
  state: IssueState,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    // Locked, since the statistics fold writes whole rows.
    const row = await trx
      .selectFrom("issues")
      .selectAll()
      .where("workspace_id", "=", actor.workspaceId)
      .where("id", "=", id)
      .$if(dialect === "postgres", (query) => query.forUpdate())
      .executeTakeFirst();
    if (row === undefined) throw issueNotFound();
    if (row.state === state) return;
    const at = now();
    const run = setIssueState(toRun(row), state, at);
    await trx.updateTable("issues").set(runColumns(run)).where("id", "=", id).execute();
    const metadata = { from: row.state, connection_id: row.connection_id, cause: row.cause };
    await recordAudit(trx, { actor, action: ACTIONS[state], target: { kind: "issue", id }, metadata }, at);
  });
}

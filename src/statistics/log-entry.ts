import type { HotStatements } from "../db/hot-statements.ts";
import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import { StatisticsEntry } from "./entry.ts";

const LOG_COLUMNS = { id: "text", created_at: "bigint", body: "text" } as const;

/** Logs a commit's statistics in its own transaction: one small row, whatever the number of events. */
export async function logEntry(
  hot: Pick<HotStatements, "insertRows">,
  trx: DatabaseTransaction,
  entry: StatisticsEntry,
  now: number,
): Promise<void> {
  const text = entry.toText();
  if (text !== null) await hot.insertRows(trx, "statistics_log", LOG_COLUMNS, [[newId(), now, text]]);
}

/** Change in the number of a connection's pending deliveries. */
export type PendingChange = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly change: number;
};

/** Logs how a transaction changed pending counts, for changes too rare to need a compiled statement. */
export async function logPending(
  trx: DatabaseTransaction,
  changes: readonly PendingChange[],
  now: number,
): Promise<void> {
  const entry = new StatisticsEntry();
  for (const { workspaceId, connectionId, change } of changes)
    entry.addPending(workspaceId, connectionId, change);
  const body = entry.toText();
  if (body === null) return;
  await trx.insertInto("statistics_log").values({ id: newId(), created_at: now, body }).execute();
}

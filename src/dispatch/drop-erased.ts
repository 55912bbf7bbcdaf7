import type { DatabaseTransaction, Dialect } from "../db/open.ts";
import type { Judged } from "./judge.ts";

/**
 * Deletes those of these attempts whose event has lost its payload, since the receiver's response may repeat it.
 * Returns their deliveries. Call it with attempts whose delivery was not pending when they were recorded: an event is
 * not erased while one of its deliveries is pending.
 *
 * An event that another transaction is erasing now counts as erased. Waiting for that transaction, which waits for
 * these deliveries, would be a deadlock.
 */
export async function dropErased(
  trx: DatabaseTransaction,
  dialect: Dialect,
  judged: readonly Judged[],
): Promise<ReadonlySet<string>> {
  if (judged.length === 0) return new Set();
  const withPayload = await findWithPayload(
    trx,
    dialect,
    judged.map(({ finished }) => finished.delivery.event.id),
  );
  const dropped = judged.filter(({ finished: { delivery } }) => !withPayload.has(keyOf(delivery)));
  for (const { finished, attempt } of dropped) {
    await trx
      .deleteFrom("attempts")
      .where("delivery_id", "=", finished.delivery.id)
      .where("started_at", "=", finished.signed.startedAt)
      .where("duration_ms", "=", attempt.durationMs)
      .execute();
  }
  return new Set(dropped.map(({ finished }) => finished.delivery.id));
}

async function findWithPayload(
  trx: DatabaseTransaction,
  dialect: Dialect,
  eventIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom("events")
    .select(["workspace_id", "id"])
    .where("id", "in", [...new Set(eventIds)])
    .where("data", "!=", "")
    .$if(dialect === "postgres", (query) => query.forShare().skipLocked())
    .execute();
  return new Set(rows.map((row) => `${row.workspace_id} ${row.id}`));
}

function keyOf({ connection, event }: Judged["finished"]["delivery"]): string {
  return `${connection.workspaceId} ${event.id}`;
}

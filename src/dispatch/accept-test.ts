import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import { logPending } from "../statistics/log-entry.ts";

export type TestEvent = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly dataJson: string;
};

/** A test that has no result so long after its timeout is over: the process that sent it has ended. Its record takes less. */
const OVER_AFTER_TIMEOUT_MS = 30_000;

/**
 * Stores a test event and its one delivery, under an id that its caller has chosen. Anyone who stores it sends it. When it is due
 * in its connection's queue, it has been lost there.
 */
export async function acceptTest(
  trx: DatabaseTransaction,
  event: TestEvent,
  { deliveryId, timeoutMs }: { readonly deliveryId: string; readonly timeoutMs: number },
  now: number,
): Promise<void> {
  const eventId = newId();
  await trx
    .insertInto("events")
    .values({
      id: eventId,
      workspace_id: event.workspaceId,
      type: event.type,
      created_at: now,
      data: event.dataJson,
      accepted_at: now,
    })
    .execute();
  await trx
    .insertInto("deliveries")
    .values({
      id: deliveryId,
      workspace_id: event.workspaceId,
      event_id: eventId,
      connection_id: event.connectionId,
      trigger_kind: "test",
      status: "pending",
      attempt_count: 0,
      next_attempt_at: now + timeoutMs + OVER_AFTER_TIMEOUT_MS,
      event_bytes: Buffer.byteLength(event.dataJson),
      created_at: now,
      updated_at: now,
    })
    .execute();
  await logPending(
    trx,
    [{ workspaceId: event.workspaceId, connectionId: event.connectionId, change: 1 }],
    now,
  );
}

import { newId } from "../db/new-id.ts";
import type { DatabaseTransaction } from "../db/open.ts";
import { logPending } from "../statistics/log-entry.ts";

export type TestEvent = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly dataJson: string;
};

/**
 * A test without a result this long after its timeout was cut off: the process that sent it has ended. Recording takes
 * less.
 */
const OVER_AFTER_TIMEOUT_MS = 30_000;

/**
 * Stores a test event and its one delivery, under an id that its caller has chosen. The caller sends the delivery; if
 * it is ever found due in its connection's queue, that process has ended.
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

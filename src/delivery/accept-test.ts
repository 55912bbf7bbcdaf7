import { newId } from "../store/new-id.ts";
import type { DatabaseTransaction } from "../store/open.ts";

export type TestEvent = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly type: string;
  readonly dataJson: string;
};

/** Stores a test event and its one delivery, under an id that its caller has chosen. */
export async function acceptTest(
  trx: DatabaseTransaction,
  event: TestEvent,
  deliveryId: string,
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
      next_attempt_at: now,
      event_bytes: Buffer.byteLength(event.dataJson),
      lease_holder: null,
      lease_expires_at: null,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

import { newId } from "../../src/db/new-id.ts";
import type { Database } from "../../src/db/open.ts";
import type { DeliveryStatus } from "../../src/domain/delivery.ts";

export type Seed = {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly count: number;
  readonly status?: DeliveryStatus;
  readonly type?: string;
  readonly data?: string;
  readonly trigger?: "schedule" | "manual" | "test";
  /** When the first event was accepted; each of the others follows one millisecond after the one before. */
  readonly from: number;
  /** The status of the last attempt's response; null for no response, left out for no attempt. */
  readonly responseStatus?: number | null | undefined;
  /** The last attempt's error code; derived from the response if left out. */
  readonly errorCode?: string;
  readonly durationMs?: number;
  readonly nextAttemptAt?: number;
};

export type Seeded = { readonly id: string; readonly eventId: string };

/** Writes events with one delivery each as the engine would have left them, oldest first. */
export async function seedDeliveries(db: Database, seed: Seed): Promise<Seeded[]> {
  const { workspaceId, connectionId, count, from, responseStatus } = seed;
  const status = seed.status ?? "failed";
  const wasTried = responseStatus !== undefined;
  const seeded = Array.from({ length: count }, () => ({ id: newId(), eventId: newId() }));
  const type = seed.type ?? "a.b";
  const data = seed.data ?? "{}";
  const events = seeded.map(({ eventId }, index) => ({
    id: eventId,
    workspace_id: workspaceId,
    type,
    created_at: from + index,
    data,
    accepted_at: from + index,
    trace_context: null,
  }));
  const deliveries = seeded.map(({ id, eventId }, index) => ({
    id,
    workspace_id: workspaceId,
    event_id: eventId,
    connection_id: connectionId,
    trigger_kind: seed.trigger ?? "schedule",
    status,
    attempt_count: wasTried ? 10 : 0,
    next_attempt_at: seed.nextAttemptAt ?? (status === "pending" ? from + index : null),
    event_bytes: data.length,
    replay_id: null,
    replayed_from: null,
    response_status: responseStatus ?? null,
    error_code: seed.errorCode ?? errorCodeOf(responseStatus),
    duration_ms: seed.durationMs ?? null,
    last_attempt_at: wasTried ? from + index : null,
    created_at: from + index,
    updated_at: from + index,
  }));
  for (let at = 0; at < count; at += 500) {
    await db
      .insertInto("events")
      .values(events.slice(at, at + 500))
      .execute();
    await db
      .insertInto("deliveries")
      .values(deliveries.slice(at, at + 500))
      .execute();
  }
  if (status === "pending") {
    await db
      .insertInto("pending_counts")
      .values({ workspace_id: workspaceId, connection_id: connectionId, pending: count })
      .onConflict((conflict) =>
        conflict.columns(["workspace_id", "connection_id"]).doUpdateSet((eb) => ({
          pending: eb("pending_counts.pending", "+", count),
        })),
      )
      .execute();
  }
  return seeded;
}

function errorCodeOf(responseStatus: number | null | undefined): string | null {
  if (responseStatus === undefined) return null;
  if (responseStatus === null) return "timeout";
  if (responseStatus >= 200 && responseStatus < 300) return null;
  return responseStatus >= 300 && responseStatus < 400 ? "redirect" : "http_status";
}

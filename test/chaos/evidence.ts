import type { Store } from "../../src/db/open.ts";
import type { DeliveryStatus } from "../../src/domain/delivery.ts";
import { unpackHeaders } from "../../src/history/attempt-columns.ts";
import type { Fault } from "./fault.ts";
import type { Posted } from "./load.ts";
import type { Receipt } from "./receipt.ts";

export type StoredDelivery = {
  readonly id: string;
  readonly event_id: string;
  readonly connection_id: string;
  readonly status: DeliveryStatus;
  readonly attempt_count: number;
  readonly next_attempt_at: number | null;
};

export type StoredAttempt = {
  readonly delivery_id: string;
  readonly number: number;
  /** `webhook-timestamp` of its request: the clock of the server, which may have been stepped; null for no request. */
  readonly timestampSeconds: number | null;
  readonly response_status: number | null;
  readonly error_code: string | null;
};

/** What the database holds once everything has come to rest. */
export type Stored = {
  /** Ids of all events with the markers of those that senders posted. */
  readonly markers: ReadonlyMap<string, string | null>;
  readonly deliveries: readonly StoredDelivery[];
  readonly attempts: readonly StoredAttempt[];
};

/** One connection of a run: the path its URL leads to, and the type of event it wants. */
export type ChaosConnection = { readonly id: string; readonly path: string; readonly type: string };

/** All that a run is judged by: what the senders know, what is stored, what was received, and what was done to it. */
export type Evidence = {
  readonly connections: readonly ChaosConnection[];
  readonly posted: readonly Posted[];
  readonly stored: Stored;
  readonly receipts: readonly Receipt[];
  readonly faults: readonly Fault[];
};

export async function readStored({ db }: Pick<Store, "db">): Promise<Stored> {
  const events = await db.selectFrom("events").select(["id", "data"]).execute();
  const deliveries = await db
    .selectFrom("deliveries")
    .select(["id", "event_id", "connection_id", "status", "attempt_count", "next_attempt_at"])
    .execute();
  const rows = await db
    .selectFrom("attempts")
    .select(["delivery_id", "number", "request_headers", "response_status", "error_code"])
    .orderBy("delivery_id")
    .orderBy("number")
    .execute();
  const attempts = rows.map(({ request_headers: headers, ...attempt }) => {
    const { "webhook-timestamp": seconds } = unpackHeaders(headers, "");
    return { ...attempt, timestampSeconds: seconds === undefined ? null : Number(seconds) };
  });
  const markers = new Map(events.map(({ id, data }) => [id, readMarker(data)]));
  return { markers, deliveries, attempts };
}

/** OpenSend's own events have none. */
function readMarker(data: string): string | null {
  return (JSON.parse(data) as { marker?: string }).marker ?? null;
}

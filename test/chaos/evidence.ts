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
  /** The request's `webhook-timestamp`, by the server's clock, which may have been stepped; null without a request. */
  readonly timestampSeconds: number | null;
  readonly response_status: number | null;
  readonly error_code: string | null;
};

/** The contents of the database once all work has finished. */
export type Stored = {
  /** The ids of all events, with the marker of each event that a sender posted. */
  readonly markers: ReadonlyMap<string, string | null>;
  readonly deliveries: readonly StoredDelivery[];
  readonly attempts: readonly StoredAttempt[];
};

/** A connection of a run: the path of its URL, and its event type. */
export type ChaosConnection = { readonly id: string; readonly path: string; readonly type: string };

/** Everything a run is judged by: what senders know, what is stored, what was received, and the faults. */
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

/** OpenSend's own events have no marker. */
function readMarker(data: string): string | null {
  return (JSON.parse(data) as { marker?: string }).marker ?? null;
}

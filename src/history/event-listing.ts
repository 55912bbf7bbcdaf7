import type { Schema } from "../db/schema.ts";
import { type EventOrigin, type ShownOrigin, shownOrigin } from "../domain/event.ts";

/** An event as shown in lists and in the stream. Times are epoch milliseconds. */
export type EventListing = {
  readonly id: string;
  readonly type: string;
  /** When it happened, according to its sender. */
  readonly happenedAt: number;
  /** When it was stored; lists are sorted by it. */
  readonly createdAt: number;
  readonly origin: ShownOrigin;
  /** The idempotency key of the request that sent it; null without one. */
  readonly idempotencyKey: string | null;
};

/** The columns that `toEventListing` reads. */
export const EVENT_LISTING_COLUMNS = [
  "events.id",
  "events.type",
  "events.created_at as happened_at",
  "events.accepted_at as created_at",
  "events.origin",
  "events.idempotency_key",
] as const;

type EventListingRow = Pick<Schema["events"], "id" | "type" | "created_at"> & {
  readonly happened_at: number;
  readonly origin: EventOrigin;
  readonly idempotency_key: string | null;
};

export function toEventListing(row: EventListingRow): EventListing {
  return {
    id: row.id,
    type: row.type,
    happenedAt: row.happened_at,
    createdAt: row.created_at,
    origin: shownOrigin(row),
    idempotencyKey: row.idempotency_key,
  };
}

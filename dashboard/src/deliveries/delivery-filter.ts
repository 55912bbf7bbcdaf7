import { EVENT_TYPE_LENGTH_MAX } from "../../../src/domain/event-type-pattern.ts";
import { isUuid } from "../../../src/domain/id.ts";
import type { Delivery } from "../api/types.ts";
import { boundsOf, readTimeRange, type TimeRange } from "../filters/time-range.ts";

export const STATUS_OPTIONS = [
  { value: "pending", label: "Queued, sending or retrying" },
  { value: "delivered", label: "Delivered" },
  { value: "failed", label: "Failed" },
  { value: "cancelled", label: "Cancelled" },
] as const;

export const RESPONSE_OPTIONS = [
  { value: "2xx", label: "2xx" },
  { value: "3xx", label: "3xx" },
  { value: "4xx", label: "4xx" },
  { value: "5xx", label: "5xx" },
  { value: "none", label: "No answer" },
] as const;

type ResponseClass = (typeof RESPONSE_OPTIONS)[number]["value"];

/** What the list of deliveries is narrowed to, as the address holds it. */
export type DeliveryFilter = TimeRange & {
  status?: Delivery["status"] | undefined;
  connection?: string | undefined;
  type?: string | undefined;
  response?: ResponseClass | undefined;
};

/** Reads a filter out of an address; whatever is none of ours is left out. */
export function readDeliveryFilter(search: Record<string, unknown>): DeliveryFilter {
  const { connection } = search;
  return {
    status: STATUS_OPTIONS.find(({ value }) => value === search["status"])?.value,
    connection: typeof connection === "string" && isUuid(connection) ? connection : undefined,
    type: readEventType(search["type"]),
    response: RESPONSE_OPTIONS.find(({ value }) => value === search["response"])?.value,
    ...readTimeRange(search),
  };
}

/** An event type out of an address, where `1` reads as a number. */
export function readEventType(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= EVENT_TYPE_LENGTH_MAX ? text : undefined;
}

export function isFiltered(filter: object): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The filter as `GET /api/deliveries` takes it. */
export function toDeliveryQuery(filter: DeliveryFilter, nowMs: number) {
  const { from, before } = boundsOf(filter, nowMs);
  return {
    ...(filter.status !== undefined && { status: filter.status }),
    ...(filter.connection !== undefined && { connection_id: filter.connection }),
    ...(filter.type !== undefined && { event_type: filter.type }),
    ...(filter.response !== undefined && { response: filter.response }),
    ...(from !== undefined && { created_from: from }),
    ...(before !== undefined && { created_before: before }),
  };
}

/** Whether a delivery that the stream told of belongs into the filtered list, as the server would decide. */
export function matchesFilter(filter: DeliveryFilter, delivery: Delivery, nowMs: number): boolean {
  const { from, before } = boundsOf(filter, nowMs);
  return (
    (filter.status === undefined || filter.status === delivery.status) &&
    (filter.connection === undefined || filter.connection === delivery.connection_id) &&
    (filter.type === undefined || filter.type === delivery.event_type) &&
    (filter.response === undefined || filter.response === responseClassOf(delivery)) &&
    (from === undefined || delivery.created_at >= from) &&
    (before === undefined || delivery.created_at < before)
  );
}

function responseClassOf(delivery: Delivery): string | null {
  if (delivery.response_status !== null) return `${Math.floor(delivery.response_status / 100)}xx`;
  return delivery.last_attempt_at === null ? null : "none";
}

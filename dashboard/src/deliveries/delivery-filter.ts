import { createEventFilter } from "../../../src/domain/event-filter.ts";
import { isUuid } from "../../../src/domain/id.ts";
import type { Delivery } from "../api/types.ts";
import { isEventTypePattern } from "../filters/event-type-options.ts";
import { boundsOf, readTimeRange, type TimeRange } from "../filters/time-range.ts";

export const STATUS_OPTIONS = [
  { value: "pending", label: "Pending" },
  { value: "delivered", label: "Delivered" },
  { value: "failed", label: "Failed" },
  { value: "cancelled", label: "Cancelled" },
] as const;

export const RESPONSE_OPTIONS = [
  { value: "2xx", label: "2xx" },
  { value: "3xx", label: "3xx" },
  { value: "4xx", label: "4xx" },
  { value: "5xx", label: "5xx" },
  { value: "none", label: "No response" },
] as const;

export const SORT_OPTIONS = [
  { value: "created_at", label: "Oldest first" },
  { value: "-updated_at", label: "Last changed first" },
  { value: "-duration_ms", label: "Slowest first" },
] as const;

export type ResponseClass = (typeof RESPONSE_OPTIONS)[number]["value"];

/** The filter of the delivery list as the page's URL contains it; several values are separated by commas. */
export type DeliveryFilter = TimeRange & {
  status?: Delivery["status"] | undefined;
  connection?: string | undefined;
  type?: string | undefined;
  response?: ResponseClass | undefined;
  /** A single status is a number: the router would write a string of digits in quotes. */
  response_status?: string | number | undefined;
  error_code?: string | undefined;
  /** A text to find in payloads and response bodies. */
  q?: string | undefined;
  /** Undefined means newest first. */
  sort?: (typeof SORT_OPTIONS)[number]["value"] | undefined;
};

const VALUES_MAX = 50;
/** A single character occurs in almost every payload. */
const Q_LENGTH_MIN = 2;
const Q_LENGTH_MAX = 200;
const ERROR_CODE = /^[a-z][a-z0-9_]{0,63}$/;
const RESPONSE_STATUS = /^[1-5]\d\d$/;

/** Reads a filter from the URL's search parameters; unknown values are ignored. */
export function readDeliveryFilter(search: Record<string, unknown>): DeliveryFilter {
  return {
    status: STATUS_OPTIONS.find(({ value }) => value === search["status"])?.value,
    connection: joinList(readList(search["connection"]).filter(isUuid)),
    type: joinList(readList(search["type"]).filter(isEventTypePattern)),
    response: RESPONSE_OPTIONS.find(({ value }) => value === search["response"])?.value,
    response_status: joinStatuses(readList(search["response_status"])),
    error_code: joinList(readList(search["error_code"]).filter((code) => ERROR_CODE.test(code))),
    q: readText(search["q"], Q_LENGTH_MAX, Q_LENGTH_MIN),
    sort: SORT_OPTIONS.find(({ value }) => value === search["sort"])?.value,
    ...readTimeRange(search),
  };
}

/** The values of a filter that takes several. A URL written by hand can contain a number or an array. */
export function readList(value: unknown): string[] {
  const text = Array.isArray(value) ? value.join(",") : typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return [];
  const values = text.split(",").map((one) => one.trim());
  return [...new Set(values.filter((one) => one !== ""))].slice(0, VALUES_MAX);
}

export function joinList(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(",");
}

export function joinStatuses(values: readonly string[]): string | number | undefined {
  const statuses = values.filter((value) => RESPONSE_STATUS.test(value));
  return statuses.length === 1 ? Number(statuses[0]) : joinList(statuses);
}

function readText(value: unknown, lengthMax: number, lengthMin = 1): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  return text.length >= lengthMin && text.length <= lengthMax ? text : undefined;
}

/** Whether the filter excludes anything. A sort order excludes nothing. */
export function isFiltered(filter: object): boolean {
  return Object.entries(filter).some(([name, value]) => name !== "sort" && value !== undefined);
}

/**
 * Whether the stream can keep the list up to date: only newest first, and only without a text search, which needs the
 * server.
 */
export function isFollowable({ q, sort }: DeliveryFilter): boolean {
  return q === undefined && sort === undefined;
}

/** The filter as query parameters of `GET /api/deliveries` and its facets. */
export function toDeliveryQuery(filter: DeliveryFilter, nowMs: number) {
  const { from, before } = boundsOf(filter, nowMs);
  const query = {
    status: filter.status,
    connection_id: filter.connection,
    event_type: filter.type,
    response: filter.response,
    response_status: filter.response_status === undefined ? undefined : String(filter.response_status),
    error_code: filter.error_code,
    q: filter.q,
    created_from: from,
    created_before: before,
  };
  return withoutEmpty(query);
}

type Defined<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> };

function withoutEmpty<Values extends object>(values: Values): Defined<Values> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<Values>;
}

/** Whether a delivery from the stream belongs in the filtered list, by the same rules as the server's. */
export function matchesFilter(filter: DeliveryFilter, delivery: Delivery, nowMs: number): boolean {
  const { from, before } = boundsOf(filter, nowMs);
  return (
    isFollowable(filter) &&
    (filter.status === undefined || filter.status === delivery.status) &&
    isAmong(filter.connection, delivery.connection_id) &&
    (filter.type === undefined || createEventFilter(readList(filter.type))(delivery.event_type)) &&
    (filter.response === undefined || filter.response === responseClassOf(delivery)) &&
    isAmong(filter.response_status, String(delivery.response_status)) &&
    isAmong(filter.error_code, String(delivery.error_code)) &&
    (from === undefined || delivery.created_at >= from) &&
    (before === undefined || delivery.created_at < before)
  );
}

function isAmong(values: string | number | undefined, value: string): boolean {
  return values === undefined || readList(values).includes(value);
}

function responseClassOf(delivery: Delivery): string | null {
  if (delivery.response_status !== null) return `${Math.floor(delivery.response_status / 100)}xx`;
  return delivery.last_attempt_at === null ? null : "none";
}

import { joinList, readList } from "../deliveries/delivery-filter.ts";
import { isEventTypePattern } from "../filters/event-type-options.ts";
import { boundsOf, readTimeRange, type TimeRange } from "../filters/time-range.ts";

export const OUTCOME_OPTIONS = [
  { value: "yes", label: "With failed deliveries" },
  { value: "no", label: "Without failed deliveries" },
] as const;

export const ORIGIN_OPTIONS = [
  { value: "application", label: "Sent to the API" },
  { value: "system", label: "Created by OpenSend" },
  { value: "test", label: "Test events" },
] as const;

/** The filter of the event list, as the page's URL contains it; several types are separated by commas. */
export type EventFilter = TimeRange & {
  type?: string | undefined;
  origin?: (typeof ORIGIN_OPTIONS)[number]["value"] | undefined;
  /** A text to find in the data. */
  q?: string | undefined;
  failed?: (typeof OUTCOME_OPTIONS)[number]["value"] | undefined;
};

export function readEventFilter(search: Record<string, unknown>): EventFilter {
  return {
    type: joinList(readList(search["type"]).filter(isEventTypePattern)),
    origin: ORIGIN_OPTIONS.find(({ value }) => value === search["origin"])?.value,
    q: readText(search["q"]),
    failed: OUTCOME_OPTIONS.find(({ value }) => value === search["failed"])?.value,
    ...readTimeRange(search),
  };
}

/** A single character occurs in almost every payload. */
const TEXT_LENGTH_MIN = 2;
const TEXT_LENGTH_MAX = 200;

function readText(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  return text.length >= TEXT_LENGTH_MIN && text.length <= TEXT_LENGTH_MAX ? text : undefined;
}

/** The filter as query parameters of `GET /api/events`. */
export function toEventQuery(filter: EventFilter, nowMs: number) {
  const { from, before } = boundsOf(filter, nowMs);
  return {
    ...(filter.type !== undefined && { type: filter.type }),
    ...(filter.origin !== undefined && { origin: filter.origin }),
    ...(filter.q !== undefined && { q: filter.q }),
    ...(filter.failed !== undefined && ({ has_failed: filter.failed === "yes" ? "true" : "false" } as const)),
    ...(from !== undefined && { accepted_from: from }),
    ...(before !== undefined && { accepted_before: before }),
  };
}

/** The part of a filter that the statistics support, and the names of the filters they do not. */
export function toStatisticsFilters(filter: EventFilter): {
  readonly filters: { readonly event_type?: string };
  readonly ignored: readonly string[];
} {
  const types = readList(filter.type);
  const [type] = types;
  const ignored = [
    types.length > 1 && "event type",
    filter.origin !== undefined && "origin",
    filter.failed !== undefined && "failures",
    filter.q !== undefined && "search text",
  ].filter((name) => name !== false);
  return { filters: types.length === 1 && type !== undefined ? { event_type: type } : {}, ignored };
}

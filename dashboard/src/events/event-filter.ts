import { readEventType } from "../deliveries/delivery-filter.ts";
import { boundsOf, readTimeRange, type TimeRange } from "../filters/time-range.ts";

export const OUTCOME_OPTIONS = [
  { value: "yes", label: "With a failed delivery" },
  { value: "no", label: "Without one" },
] as const;

/** What the list of events is narrowed to, as the address holds it. */
export type EventFilter = TimeRange & {
  type?: string | undefined;
  failed?: (typeof OUTCOME_OPTIONS)[number]["value"] | undefined;
};

export function readEventFilter(search: Record<string, unknown>): EventFilter {
  return {
    type: readEventType(search["type"]),
    failed: OUTCOME_OPTIONS.find(({ value }) => value === search["failed"])?.value,
    ...readTimeRange(search),
  };
}

/** The filter as `GET /api/events` takes it. */
export function toEventQuery(filter: EventFilter, nowMs: number) {
  const { from, before } = boundsOf(filter, nowMs);
  return {
    ...(filter.type !== undefined && { type: filter.type }),
    ...(filter.failed !== undefined && ({ has_failed: filter.failed === "yes" ? "true" : "false" } as const)),
    ...(from !== undefined && { accepted_from: from }),
    ...(before !== undefined && { accepted_before: before }),
  };
}

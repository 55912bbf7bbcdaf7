import type { Replay, ReplayFilter } from "../api/types.ts";
import { type DeliveryFilter, toDeliveryQuery } from "../deliveries/delivery-filter.ts";
import { counted } from "../text/count.ts";
import { absoluteTime } from "../text/time-ago.ts";

const ENDED = ["delivered", "failed", "cancelled"] as const;

/**
 * The replay filter for a filtered list. Pending deliveries need no replay, so it selects failed ones instead. A replay
 * cannot filter by a search text.
 */
export function toReplayFilter(filter: DeliveryFilter, nowMs: number): ReplayFilter {
  const { status: _status, q: _q, ...rest } = toDeliveryQuery(filter, nowMs);
  return { ...rest, status: [ENDED.find((status) => status === filter.status) ?? "failed"] };
}

const STATUS_WORDS = { failed: "failed", delivered: "were delivered", cancelled: "were cancelled" };

/** A replay's filter in words: "Deliveries of order.paid to Zapier that failed with 503". */
export function replayWords(filter: ReplayFilter | Replay["filter"], connectionNames: string | null): string {
  const { status = ["failed"], event_type, connection_id, response, created_from, created_before } = filter;
  const chosen = "ids_count" in filter ? filter.ids_count : null;
  const parts = [
    chosen ? `${counted(chosen, "delivery", "deliveries")} chosen one by one` : "Deliveries",
    event_type && ` of ${event_type.replaceAll(",", ", ")}`,
    connection_id && ` to ${connectionNames ?? "one connection"}`,
    !chosen && ` that ${status.map((one) => STATUS_WORDS[one]).join(" or ")}`,
    response && (response === "none" ? ", without a response" : `, with a ${response} response`),
    filter.response_status && `, with status ${filter.response_status.replaceAll(",", " or ")}`,
    filter.error_code && `, with error ${filter.error_code.replaceAll(",", " or ")}`,
    createdWords(created_from, created_before),
  ];
  return parts.filter(Boolean).join("");
}

function createdWords(from: string | null | undefined, before: string | null | undefined): string {
  if (from && before) return `, created from ${timeOf(from)} to ${timeOf(before)}`;
  if (from) return `, created since ${timeOf(from)}`;
  return before ? `, created before ${timeOf(before)}` : "";
}

function timeOf(at: string): string {
  return absoluteTime(new Date(at));
}

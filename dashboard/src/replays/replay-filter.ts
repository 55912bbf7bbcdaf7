import type { Replay, ReplayFilter } from "../api/types.ts";
import { type DeliveryFilter, toDeliveryQuery } from "../deliveries/delivery-filter.ts";
import { absoluteTime } from "../text/time-ago.ts";

const ENDED = ["delivered", "failed", "cancelled"] as const;

/** What a replay of the filtered list would take. What has not ended yet needs no replay, so failed ones are meant. */
export function toReplayFilter(filter: DeliveryFilter, nowMs: number): ReplayFilter {
  const { status: _, ...rest } = toDeliveryQuery(filter, nowMs);
  return { ...rest, status: [ENDED.find((status) => status === filter.status) ?? "failed"] };
}

const STATUS_WORDS = { failed: "failed", delivered: "were delivered", cancelled: "were cancelled" };

/** A replay's filter in words: "Deliveries of order.paid to Zapier that failed, answered with 5xx". */
export function replayWords(filter: ReplayFilter | Replay["filter"], connectionName: string | null): string {
  const { status = ["failed"], event_type, connection_id, response, created_from, created_before } = filter;
  const parts = [
    "Deliveries",
    event_type && ` of ${event_type}`,
    connection_id && ` to ${connectionName ?? "one connection"}`,
    ` that ${status.map((one) => STATUS_WORDS[one]).join(" or ")}`,
    response && (response === "none" ? ", without an answer" : `, answered with ${response}`),
    created_from && `, made since ${absoluteTime(new Date(created_from))}`,
    created_before && `, made before ${absoluteTime(new Date(created_before))}`,
  ];
  return parts.filter(Boolean).join("");
}

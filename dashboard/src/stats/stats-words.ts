import type { DeliveryStats } from "../api/types.ts";
import { count } from "../text/count.ts";
import { duration } from "../text/duration.ts";
import { timeAgo } from "../text/time-ago.ts";

/** "118 of 121 delivered, p95 240 ms, last failure 2 hr. ago" */
export function statsWords(stats: DeliveryStats, nowMs: number): string {
  const total = stats.delivered + stats.failed;
  if (total === 0) return "Nothing was sent in the last 24 hours";
  const parts = [`${count(stats.delivered)} of ${count(total)} delivered`];
  if (stats.p95_ms !== null) parts.push(`p95 ${duration(stats.p95_ms)}`);
  if (stats.last_failure_at !== null) {
    parts.push(`last failure ${timeAgo(new Date(stats.last_failure_at), nowMs)}`);
  }
  return parts.join(", ");
}

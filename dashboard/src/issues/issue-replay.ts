import type { Issue } from "../api/types.ts";

/** How long retries last: a delivery that failed was created at most this long before the failure. */
const RETRIES_LAST_MS = 4 * 86_400_000;

type ReplayedIssue = Pick<Issue, "connection_id" | "error_code" | "response_status" | "first_seen_at">;

/** The failed deliveries of an issue, as a replay filter. */
export function replayFilterOf({ connection_id, error_code, response_status, first_seen_at }: ReplayedIssue) {
  return {
    status: ["failed" as const],
    connection_id,
    error_code,
    ...(response_status !== null && { response_status: String(response_status) }),
    created_from: new Date(Date.parse(first_seen_at) - RETRIES_LAST_MS).toISOString(),
  };
}

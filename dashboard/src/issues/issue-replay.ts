import type { Issue } from "../api/types.ts";

/** How long retries last: what failed in a run was created so long before its first failure at most. */
const RETRIES_LAST_MS = 4 * 86_400_000;

type ReplayedIssue = Pick<Issue, "connection_id" | "error_code" | "response_status" | "first_seen_at">;

/** The deliveries that an issue has failed, as a filter of a replay. */
export function replayFilterOf({ connection_id, error_code, response_status, first_seen_at }: ReplayedIssue) {
  return {
    status: ["failed" as const],
    connection_id,
    error_code,
    ...(response_status !== null && { response_status: String(response_status) }),
    created_from: new Date(Date.parse(first_seen_at) - RETRIES_LAST_MS).toISOString(),
  };
}

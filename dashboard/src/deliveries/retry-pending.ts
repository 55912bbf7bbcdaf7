import type { QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { PendingFilter } from "../api/types.ts";
import { counted } from "../text/count.ts";

/** A call retries up to 10,000 deliveries. After this many calls, the person is asked whether to continue. */
const CALLS_MAX = 50;

/**
 * Moves the next attempt of all matching pending deliveries to now. Returns how many there were, and whether more
 * remain.
 */
export async function retryPending(
  queryClient: QueryClient,
  filter: PendingFilter,
): Promise<{ retried: number; hasMore: boolean }> {
  let retried = 0;
  let hasMore = true;
  try {
    for (let calls = 0; hasMore && calls < CALLS_MAX; calls += 1) {
      const result = await dataOf(api.POST("/api/deliveries/retry-pending", { body: { filter } }));
      retried += result.retried;
      hasMore = result.has_more;
    }
  } finally {
    void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
    void queryClient.invalidateQueries({ queryKey: ["delivery-facets"] });
  }
  return { retried, hasMore };
}

/** The result of the retry. A delivery counts as delivered only once its receiver has responded. */
export function retriedPendingWords(retried: number, hasMore: boolean): string {
  if (retried === 0) return "No pending delivery waits for a later attempt.";
  const moved = `Next attempt of ${counted(retried, "pending delivery", "pending deliveries")} moved to now.`;
  const more = hasMore ? " More are left: retry again to go on." : "";
  return `${moved} Each is delivered once its receiver has responded.${more}`;
}

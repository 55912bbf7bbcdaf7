import type { QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../api/client.ts";
import type { CancelFilter, Replay } from "../../api/types.ts";
import { showReplay } from "../../replays/queries.ts";

/** The deliveries to cancel: a list of ids, or all that match a filter. */
export type CancelTarget = { readonly ids: string[] } | { readonly filter: CancelFilter };

/** A call cancels up to 10,000 deliveries. After this many calls, the person is asked whether to continue. */
const CANCEL_CALLS_MAX = 50;

/**
 * Sends deliveries again now, as a replay whose page shows its progress. Deliveries that wait for a retry become due
 * now.
 */
export async function retryMany(
  queryClient: QueryClient,
  ids: readonly string[],
  idempotencyKey: string,
): Promise<{ replay: Replay; broughtForward: number }> {
  const result = await dataOf(
    api.POST("/api/deliveries/retry", {
      params: { header: { "idempotency-key": idempotencyKey } },
      body: { ids: [...ids] },
    }),
  );
  showReplay(queryClient, result.data);
  refetchLists(queryClient);
  return { replay: result.data, broughtForward: result.brought_forward };
}

/** Returns how many deliveries were cancelled, and whether more remain. */
export async function cancelMany(
  queryClient: QueryClient,
  target: CancelTarget,
): Promise<{ cancelled: number; hasMore: boolean }> {
  let cancelled = 0;
  let hasMore = true;
  try {
    for (let calls = 0; hasMore && calls < CANCEL_CALLS_MAX; calls += 1) {
      const result = await dataOf(api.POST("/api/deliveries/cancel", { body: target }));
      cancelled += result.cancelled;
      hasMore = result.has_more;
    }
  } finally {
    refetchLists(queryClient);
  }
  return { cancelled, hasMore };
}

function refetchLists(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
  void queryClient.invalidateQueries({ queryKey: ["delivery-facets"] });
}

import type { QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../api/client.ts";
import type { CancelFilter, Replay } from "../../api/types.ts";
import { noteReplay } from "../../replays/queries.ts";

/** Which deliveries are cancelled: these, or all that fit. */
export type CancelTarget = { readonly ids: string[] } | { readonly filter: CancelFilter };

/** A call cancels up to 10,000; so many calls are created before the person is asked to go on. */
const CANCEL_CALLS_MAX = 50;

/** Sends deliveries again now. It is a replay, whose page tells how far it is; those that wait for a retry are made due. */
export async function retryMany(
  queryClient: QueryClient,
  ids: readonly string[],
  idempotencyKey: string,
): Promise<{ replay: Replay; broughtForward: number }> {
  const answer = await dataOf(
    api.POST("/api/deliveries/retry", {
      params: { header: { "idempotency-key": idempotencyKey } },
      body: { ids: [...ids] },
    }),
  );
  noteReplay(queryClient, answer.data);
  readAgain(queryClient);
  return { replay: answer.data, broughtForward: answer.brought_forward };
}

/** Gives how many were cancelled, and whether more are left. */
export async function cancelMany(
  queryClient: QueryClient,
  target: CancelTarget,
): Promise<{ cancelled: number; hasMore: boolean }> {
  let cancelled = 0;
  let hasMore = true;
  try {
    for (let calls = 0; hasMore && calls < CANCEL_CALLS_MAX; calls += 1) {
      const answer = await dataOf(api.POST("/api/deliveries/cancel", { body: target }));
      cancelled += answer.cancelled;
      hasMore = answer.has_more;
    }
  } finally {
    readAgain(queryClient);
  }
  return { cancelled, hasMore };
}

function readAgain(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
  void queryClient.invalidateQueries({ queryKey: ["delivery-facets"] });
}

import type { QueryClient } from "@tanstack/react-query";
import { api, dataOf } from "../../api/client.ts";
import type { Replay, ReplayFilter } from "../../api/types.ts";
import { noteReplay } from "../../replays/queries.ts";

/** Which deliveries an action is for: these, or all that fit. */
export type BulkTarget = { readonly ids: readonly string[] } | { readonly filter: ReplayFilter };

/** Makes deliveries due now. It is a replay, whose page tells how far it is. */
export async function retryMany(queryClient: QueryClient, target: BulkTarget, key: string): Promise<Replay> {
  const answer = (await dataOf(
    api.POST(
      "/api/deliveries/retry" as never,
      { params: { header: { "idempotency-key": key } }, body: target } as never,
    ) as never,
  )) as { data: Replay };
  noteReplay(queryClient, answer.data);
  void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
  return answer.data;
}

/** Gives how many were cancelled, or null while a job is still at it. */
export async function cancelMany(queryClient: QueryClient, target: BulkTarget): Promise<number | null> {
  const answer = (await dataOf(
    api.POST("/api/deliveries/cancel" as never, { body: target } as never) as never,
  )) as { data: { cancelled?: number } };
  void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
  void queryClient.invalidateQueries({ queryKey: ["delivery-facets"] });
  return answer.data.cancelled ?? null;
}

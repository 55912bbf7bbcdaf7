import { type QueryClient, useMutationState } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { TestDelivery } from "../api/types.ts";
import { recentDeliveriesQuery } from "../deliveries/queries.ts";
import { connectionQuery, showConnection } from "./queries.ts";

export type TestRun =
  | { readonly state: "sending"; readonly startedAtMs: number }
  | { readonly state: "done"; readonly delivery: TestDelivery }
  | { readonly state: "refused"; readonly error: unknown };

const keyOf = (connectionId: string) => ["test-event", connectionId];

/**
 * Sends a test event. The run belongs to the connection, not to a page: it continues while pages change, and its result
 * remains until the next run.
 */
export async function startTestRun(queryClient: QueryClient, connectionId: string): Promise<void> {
  const runs = queryClient.getMutationCache();
  const mutationKey = keyOf(connectionId);
  for (const earlier of runs.findAll({ mutationKey })) {
    if (earlier.state.status === "pending") return;
    runs.remove(earlier);
  }
  const run = runs.build(queryClient, {
    mutationKey,
    gcTime: Number.POSITIVE_INFINITY,
    mutationFn: () =>
      dataOf(api.POST("/api/integrations/connections/{id}/test", { params: { path: { id: connectionId } } })),
  });
  try {
    const { connection } = await run.execute(undefined);
    void queryClient.invalidateQueries(recentDeliveriesQuery(connectionId));
    void queryClient.invalidateQueries({ queryKey: ["stats"] });
    const read = queryClient.getQueryData(connectionQuery(connectionId).queryKey);
    await showConnection(queryClient, connection, read?.etag ?? null);
  } catch {
    // The run keeps the error, and the test panel shows it.
    await queryClient.invalidateQueries(connectionQuery(connectionId));
  }
}

/** The latest test of a connection since the dashboard was opened. */
export function useTestRun(connectionId: string): TestRun | null {
  const runs = useMutationState({
    filters: { mutationKey: keyOf(connectionId) },
    select: ({ state }): TestRun => {
      if (state.status === "success") {
        return { state: "done", delivery: (state.data as { delivery: TestDelivery }).delivery };
      }
      if (state.status === "error") return { state: "refused", error: state.error };
      return { state: "sending", startedAtMs: state.submittedAt };
    },
  });
  return runs.at(-1) ?? null;
}

import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** A response under way may be older than what the stream has just told: it must not replace that, so it is asked anew. */
export function readAgainIfUnderWay(queryClient: QueryClient, queryKey: QueryKey): void {
  if (queryClient.getQueryState(queryKey)?.fetchStatus !== "fetching") return;
  void queryClient.refetchQueries({ queryKey, exact: true });
}

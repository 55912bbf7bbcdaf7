import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * A response in progress may be older than the change that the stream has just delivered. It must not replace the
 * change, so the query is read again.
 */
export function refetchIfFetching(queryClient: QueryClient, queryKey: QueryKey): void {
  if (queryClient.getQueryState(queryKey)?.fetchStatus !== "fetching") return;
  void queryClient.refetchQueries({ queryKey, exact: true });
}

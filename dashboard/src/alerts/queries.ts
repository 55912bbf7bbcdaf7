import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

const PAGE_ROWS = 20;
/** New notices appear without user action, so the list is polled. */
const REFRESH_MS = 30_000;

/** All alerts of the workspace, and whether the server sends mail. */
export const alertsQuery = queryOptions({
  queryKey: ["alerts"],
  queryFn: () => dataOf(api.GET("/api/alerts")),
});

export const noticesQuery = infiniteQueryOptions({
  queryKey: ["alert-notices"],
  queryFn: ({ pageParam }) =>
    dataOf(
      api.GET("/api/alert-notices", {
        params: { query: { limit: PAGE_ROWS, ...(pageParam !== null && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  refetchInterval: REFRESH_MS,
});

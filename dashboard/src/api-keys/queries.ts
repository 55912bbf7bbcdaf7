import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

const PAGE_ROWS = 50;

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ pageParam }) =>
    dataOf(
      api.GET("/api/api-keys", {
        params: { query: { limit: PAGE_ROWS, ...(pageParam !== null && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
});

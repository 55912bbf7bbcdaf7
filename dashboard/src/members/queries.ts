import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";

const PAGE_ROWS = 100;

export const membersQuery = infiniteQueryOptions({
  queryKey: ["members"],
  queryFn: ({ pageParam }) =>
    dataOf(
      api.GET("/api/members", {
        params: { query: { limit: PAGE_ROWS, ...(pageParam !== null && { cursor: pageParam }) } },
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: async () => (await dataOf(api.GET("/api/invitations"))).data,
});

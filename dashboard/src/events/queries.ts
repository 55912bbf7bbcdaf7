import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { readRows } from "../api/read-rows.ts";
import { type EventFilter, toEventQuery } from "./event-filter.ts";

export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ["events", filter],
    queryFn: ({ pageParam }) => {
      const query = toEventQuery(filter, Date.now());
      return readRows(
        (limit, cursor) =>
          dataOf(
            api.GET("/api/events", {
              params: { query: { ...query, limit, ...(cursor !== null && { cursor }) } },
            }),
          ),
        pageParam,
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["event", id],
    queryFn: async () => (await dataOf(api.GET("/api/events/{id}", { params: { path: { id } } }))).data,
  });

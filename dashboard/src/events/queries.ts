import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { PAGE_ROWS, readRows } from "../api/read-rows.ts";
import { readList } from "../deliveries/delivery-filter.ts";
import { isEventTypePattern } from "../filters/event-type-options.ts";
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

/** Reads an event type, or a pattern such as `order.*`, from the URL. */
export function readTypePattern(value: unknown): string | undefined {
  const [pattern] = readList(value);
  return pattern !== undefined && isEventTypePattern(pattern) ? pattern : undefined;
}

/** Event types seen so far, by name. */
export const eventTypesQuery = (pattern: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["event-type-list", pattern],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: PAGE_ROWS,
        ...(pattern !== undefined && { type: pattern }),
        ...(pageParam !== null && { cursor: pageParam }),
      };
      return dataOf(api.GET("/api/event-types", { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  });

/** Erases an event's payload and cancels its pending deliveries. */
export async function eraseEventData(queryClient: QueryClient, id: string): Promise<void> {
  const params = { path: { id }, query: { cancel_pending: "true" as const } };
  const { data } = await dataOf(api.DELETE("/api/events/{id}/data", { params }));
  queryClient.setQueryData(eventQuery(id).queryKey, data);
  // Delivery pages also show the payload and the responses.
  void queryClient.invalidateQueries({ queryKey: ["delivery"] });
  void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
}

import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { type RowsPage, readRows } from "../api/read-rows.ts";
import type { Attempt, DeliveryDetail } from "../api/types.ts";
import { type DeliveryFilter, toDeliveryQuery } from "./delivery-filter.ts";
import { RECENT_ROWS } from "./recent-rows.ts";

export const deliveriesQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ["deliveries", filter],
    queryFn: ({ pageParam }) => {
      const query = {
        ...toDeliveryQuery(filter, Date.now()),
        ...(filter.sort !== undefined && { sort: filter.sort }),
      };
      return readRows(
        (limit, cursor) =>
          dataOf(
            api.GET("/api/deliveries", {
              params: { query: { ...query, limit, ...(cursor !== null && { cursor }) } },
            }),
          ),
        pageParam,
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  });

export const recentDeliveriesQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ["recent-deliveries", connectionId],
    queryFn: async () => {
      const query = { connection_id: connectionId, limit: RECENT_ROWS };
      return (await dataOf(api.GET("/api/deliveries", { params: { query } }))).data;
    },
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ["delivery", id],
    queryFn: async () => (await dataOf(api.GET("/api/deliveries/{id}", { params: { path: { id } } }))).data,
  });

const ATTEMPTS_PAGE_ROWS = 50;

/** All attempts of a delivery, the newest first. */
export const earlierAttemptsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["attempts", id],
    queryFn: ({ pageParam }): Promise<RowsPage<Attempt>> => {
      const query = { limit: ATTEMPTS_PAGE_ROWS, ...(pageParam !== null && { cursor: pageParam }) };
      return dataOf(api.GET("/api/deliveries/{id}/attempts", { params: { path: { id }, query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
  });

/** The attempt count is part of the key, so that each new failure is compared again. */
export const comparisonQuery = ({ id, attempt_count }: Pick<DeliveryDetail, "id" | "attempt_count">) =>
  queryOptions({
    queryKey: ["comparison", id, attempt_count],
    queryFn: () => dataOf(api.GET("/api/deliveries/{id}/comparison", { params: { path: { id } } })),
  });

export async function retryDelivery(queryClient: QueryClient, id: string): Promise<DeliveryDetail> {
  const result = await dataOf(api.POST("/api/deliveries/{id}/retry", { params: { path: { id } } }));
  return show(queryClient, result.data);
}

export async function cancelDelivery(queryClient: QueryClient, id: string): Promise<DeliveryDetail> {
  const result = await dataOf(api.POST("/api/deliveries/{id}/cancel", { params: { path: { id } } }));
  return show(queryClient, result.data);
}

function show(queryClient: QueryClient, delivery: DeliveryDetail): DeliveryDetail {
  queryClient.setQueryData(deliveryQuery(delivery.id).queryKey, delivery);
  void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
  void queryClient.invalidateQueries({ queryKey: ["event", delivery.event_id] });
  return delivery;
}

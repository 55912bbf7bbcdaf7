import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { api, dataOf, responseOf } from "../api/client.ts";
import type { Connection } from "../api/types.ts";
import { type ConnectionFilter, toConnectionQuery } from "./connection-filter.ts";

const PAGE_ROWS = 50;

/** A connection with the version it was read at, which a change must send as `If-Match`. */
export type ConnectionRead = { readonly connection: Connection; readonly etag: string | null };

export const catalogQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: async () => (await dataOf(api.GET("/api/integrations"))).data,
});

const REFRESH_MS = 15_000;

/** The list of connections with their statistics of the last 24 hours. */
export const connectionsQuery = (filter: ConnectionFilter) =>
  infiniteQueryOptions({
    queryKey: [...CONNECTIONS_KEY, filter],
    queryFn: ({ pageParam }) => {
      const query = {
        ...toConnectionQuery(filter),
        include: "stats" as const,
        limit: PAGE_ROWS,
        ...(pageParam !== null && { cursor: pageParam }),
      };
      return dataOf(api.GET("/api/integrations/connections", { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.has_more ? page.next_cursor : null),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });

/** The query key that all lists of connections share, whatever their filter. */
const CONNECTIONS_KEY = ["connections"];

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ["connection", id],
    queryFn: async (): Promise<ConnectionRead> => {
      const { data, response } = await responseOf(
        api.GET("/api/integrations/connections/{id}", { params: { path: { id } } }),
      );
      return { connection: data.data, etag: response.headers.get("etag") };
    },
  });

/** Shows a connection as a call has just returned it, and refetches all other queries that include it. */
export async function showConnection(
  queryClient: QueryClient,
  connection: Connection,
  etag: string | null,
): Promise<void> {
  queryClient.setQueryData(connectionQuery(connection.id).queryKey, { connection, etag });
  await Promise.all([
    queryClient.invalidateQueries(catalogQuery),
    queryClient.invalidateQueries({ queryKey: CONNECTIONS_KEY }),
    etag === null && queryClient.invalidateQueries(connectionQuery(connection.id)),
  ]);
}

import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from "@tanstack/react-query";
import { answerOf, api, dataOf } from "../api/client.ts";
import type { RowsPage } from "../api/read-rows.ts";
import type { Connection } from "../api/types.ts";
import { type ConnectionFilter, toConnectionQuery } from "./connection-filter.ts";

const PAGE_ROWS = 50;

/** A connection with the version it was read at, which a change must name. */
export type ConnectionRead = { readonly connection: Connection; readonly etag: string | null };

export const catalogQuery = queryOptions({
  queryKey: ["catalog"],
  queryFn: async () => (await dataOf(api.GET("/api/integrations"))).data,
});

const REFRESH_MS = 15_000;

/** The list of connections, with the last 24 hours of each. */
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

/** What every list of connections is kept under, however it is filtered. */
const CONNECTIONS_KEY = ["connections"];

const NAMES_STALE_MS = 60_000;
const NAMES_PAGE_ROWS = 100;
/** More would make a list that nobody chooses from. */
const NAMES_PAGES_MAX = 5;

/** Names to choose a connection by. */
export const connectionNamesQuery = queryOptions({
  queryKey: ["connection-names"],
  queryFn: async () => {
    const names: { value: string; label: string }[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < NAMES_PAGES_MAX; pages += 1) {
      const query = { limit: NAMES_PAGE_ROWS, ...(cursor !== null && { cursor }) };
      const page: RowsPage<Connection> = await dataOf(
        api.GET("/api/integrations/connections", { params: { query } }),
      );
      names.push(...page.data.map(({ id, name }) => ({ value: id, label: name })));
      cursor = page.next_cursor;
      if (cursor === null) break;
    }
    return names;
  },
  staleTime: NAMES_STALE_MS,
});

export const connectionQuery = (id: string) =>
  queryOptions({
    queryKey: ["connection", id],
    queryFn: async (): Promise<ConnectionRead> => {
      const { data, response } = await answerOf(
        api.GET("/api/integrations/connections/{id}", { params: { path: { id } } }),
      );
      return { connection: data.data, etag: response.headers.get("etag") };
    },
  });

/** Shows a connection as a call just answered it, and reads again whatever else tells of it. */
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

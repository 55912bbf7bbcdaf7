import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf, responseOf } from "../api/client.ts";
import type { Connection, InspectorUpdate } from "../api/types.ts";
import { showConnection } from "../connections/queries.ts";
import { refetchIfFetching } from "../stream/refetch-if-fetching.ts";

export const inspectorQuery = queryOptions({
  queryKey: ["inspector"],
  queryFn: async () => (await dataOf(api.GET("/api/inspector"))).data,
});

export const inspectedQuery = queryOptions({
  queryKey: ["inspector-requests"],
  queryFn: async () => (await dataOf(api.GET("/api/inspector/requests"))).data,
});

/** A received request never changes. */
export const inspectedRequestQuery = (id: string) =>
  queryOptions({
    queryKey: ["inspector-request", id],
    queryFn: async () =>
      (await dataOf(api.GET("/api/inspector/requests/{id}", { params: { path: { id } } }))).data,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Connects the inspector, or returns its existing connection. */
export async function connectInspector(queryClient: QueryClient): Promise<Connection> {
  const { data, response } = await responseOf(api.POST("/api/integrations/inspector"));
  void queryClient.invalidateQueries(inspectorQuery);
  void showConnection(queryClient, data.data, response.headers.get("etag"));
  return data.data;
}

/** Changes how the inspector treats the next request. A secret in the change is not kept here. */
export async function updateInspector(queryClient: QueryClient, change: InspectorUpdate): Promise<void> {
  const { data } = await dataOf(api.PATCH("/api/inspector", { body: change }));
  queryClient.setQueryData(inspectorQuery.queryKey, data);
}

/** Shows a changed state of the inspector's connection, such as paused after a 410. */
export function showInspectorConnection(queryClient: QueryClient, connection: Connection): void {
  queryClient.setQueryData(inspectorQuery.queryKey, (read) => {
    if (read?.connection?.id !== connection.id) return read;
    return { ...read, connection: staysInspector(connection) ? connection : null };
  });
  refetchIfFetching(queryClient, inspectorQuery.queryKey);
}

function staysInspector({ status, config }: Connection): boolean {
  return status !== "disconnected" && config.webhook.receiver === "inspector";
}

export async function clearInspected(queryClient: QueryClient): Promise<void> {
  const { data } = await dataOf(api.DELETE("/api/inspector/requests"));
  queryClient.setQueryData(inspectedQuery.queryKey, data);
}

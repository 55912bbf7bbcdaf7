import type { QueryClient } from "@tanstack/react-query";
import { api, dataOf, responseOf } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import type { paths } from "../api/schema.generated.ts";
import type { Connection } from "../api/types.ts";
import { type ConnectionRead, connectionQuery, showConnection } from "./queries.ts";

export type ConnectionChange =
  paths["/api/integrations/connections/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** Changes a connection if it is unchanged since it was read; otherwise throws a `version_conflict`. */
export async function updateConnection(
  queryClient: QueryClient,
  read: ConnectionRead,
  change: ConnectionChange,
): Promise<ConnectionRead> {
  const { data, response } = await responseOf(
    api.PATCH("/api/integrations/connections/{id}", { params: paramsOf(read), body: change }),
  );
  return show(queryClient, data.data, response);
}

/** Replaces the signing secret. The old one keeps signing in addition for `overlapHours`. */
export function rotateSecret(
  queryClient: QueryClient,
  read: ConnectionRead,
  rotation: { readonly signingSecret: string; readonly overlapHours: number },
): Promise<ConnectionRead> {
  const body = { signing_secret: rotation.signingSecret, overlap_hours: rotation.overlapHours };
  return refreshOnConflict(queryClient, read, () =>
    responseOf(
      api.POST("/api/integrations/connections/{id}/rotate-secret", { params: paramsOf(read), body }),
    ),
  );
}

export function pauseConnection(queryClient: QueryClient, read: ConnectionRead): Promise<ConnectionRead> {
  return refreshOnConflict(queryClient, read, () =>
    responseOf(api.POST("/api/integrations/connections/{id}/pause", { params: paramsOf(read) })),
  );
}

export function resumeConnection(queryClient: QueryClient, read: ConnectionRead): Promise<ConnectionRead> {
  return refreshOnConflict(queryClient, read, () =>
    responseOf(api.POST("/api/integrations/connections/{id}/resume", { params: paramsOf(read) })),
  );
}

export function disconnectConnection(
  queryClient: QueryClient,
  read: ConnectionRead,
): Promise<ConnectionRead> {
  return refreshOnConflict(queryClient, read, () =>
    responseOf(api.DELETE("/api/integrations/connections/{id}", { params: paramsOf(read) })),
  );
}

/** Cancels all pending deliveries of a connection, in as many calls as needed. Returns how many there were. */
export async function clearQueue(queryClient: QueryClient, id: string): Promise<number> {
  let cancelled = 0;
  try {
    for (;;) {
      const result = await dataOf(
        api.POST("/api/integrations/connections/{id}/clear-queue", { params: { path: { id } } }),
      );
      cancelled += result.cancelled;
      if (!result.has_more) return cancelled;
    }
  } finally {
    void queryClient.invalidateQueries(connectionQuery(id));
    void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
    void queryClient.invalidateQueries({ queryKey: ["recent-deliveries", id] });
  }
}

function paramsOf({ connection, etag }: ConnectionRead) {
  return { path: { id: connection.id }, header: etag === null ? {} : { "if-match": etag } };
}

type ConnectionResponse = Promise<{
  readonly data: { readonly data: Connection };
  readonly response: Response;
}>;

/** After a version conflict, reads the connection again, so that the next try applies to its current version. */
async function refreshOnConflict(
  queryClient: QueryClient,
  { connection: { id } }: ConnectionRead,
  call: () => ConnectionResponse,
): Promise<ConnectionRead> {
  try {
    const { data, response } = await call();
    return await show(queryClient, data.data, response);
  } catch (thrown) {
    if (!(thrown instanceof Problem) || thrown.code !== "version_conflict") throw thrown;
    await queryClient.invalidateQueries(connectionQuery(id));
    throw new Problem({
      ...thrown,
      message:
        "Someone else has changed this connection. Nothing was done. Review the current settings, then try again.",
    });
  }
}

async function show(
  queryClient: QueryClient,
  connection: Connection,
  response: Response,
): Promise<ConnectionRead> {
  const etag = response.headers.get("etag");
  await showConnection(queryClient, connection, etag);
  return { connection, etag };
}

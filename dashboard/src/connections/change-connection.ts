import type { QueryClient } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import type { paths } from "../api/schema.generated.ts";
import { type ConnectionRead, showConnection } from "./queries.ts";

export type ConnectionChange =
  paths["/api/integrations/connections/{id}"]["patch"]["requestBody"]["content"]["application/json"];

/** Changes a connection if it is still as it was read; a `version_conflict` says that somebody was faster. */
export async function updateConnection(
  queryClient: QueryClient,
  { connection, etag }: ConnectionRead,
  change: ConnectionChange,
): Promise<ConnectionRead> {
  const { data, response } = await answerOf(
    api.PATCH("/api/integrations/connections/{id}", {
      params: { path: { id: connection.id }, header: etag === null ? {} : { "if-match": etag } },
      body: change,
    }),
  );
  return show(queryClient, data.data, response);
}

/** Puts a new signing secret in the place of the current one, which signs beside it for a while. */
export async function rotateSecret(
  queryClient: QueryClient,
  id: string,
  rotation: { readonly signingSecret: string; readonly overlapHours: number },
): Promise<ConnectionRead> {
  const { data, response } = await answerOf(
    api.POST("/api/integrations/connections/{id}/rotate-secret", {
      params: { path: { id } },
      body: { signing_secret: rotation.signingSecret, overlap_hours: rotation.overlapHours },
    }),
  );
  return show(queryClient, data.data, response);
}

export async function pauseConnection(queryClient: QueryClient, id: string): Promise<ConnectionRead> {
  const { data, response } = await answerOf(
    api.POST("/api/integrations/connections/{id}/pause", { params: { path: { id } } }),
  );
  return show(queryClient, data.data, response);
}

export async function resumeConnection(queryClient: QueryClient, id: string): Promise<ConnectionRead> {
  const { data, response } = await answerOf(
    api.POST("/api/integrations/connections/{id}/resume", { params: { path: { id } } }),
  );
  return show(queryClient, data.data, response);
}

export async function disconnectConnection(queryClient: QueryClient, id: string): Promise<ConnectionRead> {
  const { data, response } = await answerOf(
    api.DELETE("/api/integrations/connections/{id}", { params: { path: { id } } }),
  );
  return show(queryClient, data.data, response);
}

async function show(
  queryClient: QueryClient,
  connection: ConnectionRead["connection"],
  response: Response,
): Promise<ConnectionRead> {
  const etag = response.headers.get("etag");
  await showConnection(queryClient, connection, etag);
  return { connection, etag };
}

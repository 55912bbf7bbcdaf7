import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, dataOf, responseOf } from "../api/client.ts";
import type { paths } from "../api/schema.generated.ts";
import type { AuditEntry, Workspace } from "../api/types.ts";
import { sessionQuery } from "../session/session-query.ts";

/** The workspace with the version it was read at, which a change must send as `If-Match`. */
export type WorkspaceRead = { readonly workspace: Workspace; readonly etag: string | null };

export type WorkspaceChange = paths["/api/workspace"]["patch"]["requestBody"]["content"]["application/json"];

export const workspaceQuery = queryOptions({
  queryKey: ["workspace"],
  queryFn: async (): Promise<WorkspaceRead> => {
    const { data, response } = await responseOf(api.GET("/api/workspace"));
    return { workspace: data.data, etag: response.headers.get("etag") };
  },
});

/** Changes the workspace if it is unchanged since it was read; otherwise throws a `version_conflict`. */
export async function updateWorkspace(
  queryClient: QueryClient,
  { etag }: WorkspaceRead,
  change: WorkspaceChange,
): Promise<WorkspaceRead> {
  const header = etag === null ? {} : { "if-match": etag };
  const { data, response } = await responseOf(
    api.PATCH("/api/workspace", { params: { header }, body: change }),
  );
  const read = { workspace: data.data, etag: response.headers.get("etag") };
  queryClient.setQueryData(workspaceQuery.queryKey, read);
  // The session contains the workspace's name and retention.
  await queryClient.invalidateQueries(sessionQuery);
  return read;
}

/** Who last changed the workspace and when; null when no one has. */
export const lastWorkspaceChangeQuery = queryOptions({
  queryKey: ["last-workspace-change"],
  queryFn: async (): Promise<AuditEntry | null> => {
    const query = { action: "workspace.updated", limit: 1 };
    return (await dataOf(api.GET("/api/audit-log", { params: { query } }))).data[0] ?? null;
  },
  gcTime: 0, // every conflict reads it again
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: async () => (await dataOf(api.GET("/api/sessions"))).data,
});

/** Longer than a database takes to respond, or to be found unreachable. */
const SYSTEM_DEADLINE_MS = 8_000;
const SYSTEM_REFRESH_MS = 5_000;

/** The state of the instance, polled while it is shown. */
export const systemQuery = queryOptions({
  queryKey: ["system"],
  queryFn: async ({ signal }) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(SYSTEM_DEADLINE_MS)]);
    return (await dataOf(api.GET("/api/system", { signal: deadline }))).data;
  },
  refetchInterval: SYSTEM_REFRESH_MS,
  retry: false, // the next poll is soon
});

import { type QueryClient, queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { Session } from "../api/types.ts";
import { enterWorkspace } from "./other-tabs.ts";

const STALE_MS = 60_000;
const SESSION_KEY = ["session"] as const;

export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async ({ client }) => {
    const session = (await dataOf(api.GET("/api/session"))).data;
    const shown = shownWorkspaceId(client);
    if (shown === null || shown === session.workspace.id) return session;
    enterWorkspace();
    // The page is being left: until then nothing on it may speak of the other workspace.
    return new Promise<never>(() => {});
  },
  staleTime: STALE_MS,
});

/** The workspace whose data the page holds; null while no one is signed in. */
export function shownWorkspaceId(client: QueryClient): string | null {
  return client.getQueryData<Session>(SESSION_KEY)?.workspace.id ?? null;
}

/** Who is signed in. For pages inside the shell only, which loads it first. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

const VIEWER_REASON = "Viewers can look but not change. Ask an owner or admin.";

/** Why the person may not change anything, or null when they may. */
export function useReadOnlyReason(): string | null {
  return useSession().role === "viewer" ? VIEWER_REASON : null;
}

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
    // The page is being left; until then, it must not show the other workspace.
    return new Promise<never>(() => {});
  },
  staleTime: STALE_MS,
});

/** The workspace whose data the page shows; null while no one is signed in. */
export function shownWorkspaceId(client: QueryClient): string | null {
  return client.getQueryData<Session>(SESSION_KEY)?.workspace.id ?? null;
}

/** The signed-in person and workspace. Only for pages inside the shell, which loads the session first. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

const VIEWER_REASON = "Viewers can look but not change. Ask an owner or admin.";

/** Why the person cannot change anything, or null when they can. */
export function useReadOnlyReason(): string | null {
  return useSession().role === "viewer" ? VIEWER_REASON : null;
}

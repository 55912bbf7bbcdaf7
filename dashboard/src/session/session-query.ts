import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import type { Session } from "../api/types.ts";

const STALE_MS = 60_000;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => (await dataOf(api.GET("/api/session"))).data,
  staleTime: STALE_MS,
});

/** Who is signed in. For pages inside the shell only, which loads it first. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

const VIEWER_REASON = "Viewers can look but not change. Ask an owner or admin.";

/** Why the person may not change anything, or null when they may. */
export function useReadOnlyReason(): string | null {
  return useSession().role === "viewer" ? VIEWER_REASON : null;
}

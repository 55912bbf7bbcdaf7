import { type QueryClient, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { catalogQuery } from "../connections/queries.ts";
import { invitationsQuery, membersQuery } from "../members/queries.ts";
import type { OnboardingState } from "./first-steps.ts";

export const firstEventTypeQuery = queryOptions({
  queryKey: ["event-types", "first"],
  queryFn: async () => (await dataOf(api.GET("/api/event-types", { params: { query: { limit: 1 } } }))).data,
});

/** Loaded with the page, so that the first Tab from the heading leads to the first step. */
export async function prefetchOnboarding(queryClient: QueryClient): Promise<void> {
  await Promise.all([
    queryClient.prefetchQuery(catalogQuery),
    queryClient.prefetchQuery(firstEventTypeQuery),
    queryClient.prefetchInfiniteQuery(membersQuery),
    queryClient.prefetchQuery(invitationsQuery),
  ]);
}

/** The setup state of a workspace; null while unknown, or if it cannot be loaded. */
export function useOnboarding(): OnboardingState | null {
  const catalog = useQuery(catalogQuery).data;
  const types = useQuery(firstEventTypeQuery).data;
  const members = useInfiniteQuery(membersQuery).data;
  const invitations = useQuery(invitationsQuery).data;
  if (!catalog || !types || !members || !invitations) return null;
  const connection = catalog.find((entry) => entry.connection !== null)?.connection ?? null;
  const hasEvents = types.length > 0;
  return {
    connectionId: connection?.id ?? null,
    isTested: hasEvents || (connection !== null && connection.last_event_at !== null),
    isSigned: connection?.config.webhook.has_signing_secret ?? false,
    hasEvents,
    isShared: (members.pages[0]?.data.length ?? 0) > 1 || invitations.length > 0,
  };
}

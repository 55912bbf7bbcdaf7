import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { invitationToken } from "../session/invitation-token.ts";

/** What the link is for. The token stays out of the key, and so out of the cache. */
export const invitationQuery = queryOptions({
  queryKey: ["invitation"],
  queryFn: async () =>
    (await dataOf(api.POST("/api/invitations/lookup", { body: { token: invitationToken() ?? "" } }))).data,
  staleTime: Number.POSITIVE_INFINITY,
});

export type InvitationLookup = Awaited<ReturnType<NonNullable<typeof invitationQuery.queryFn>>>;

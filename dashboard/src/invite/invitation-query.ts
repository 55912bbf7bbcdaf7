import { queryOptions } from "@tanstack/react-query";
import { api, dataOf } from "../api/client.ts";
import { invitationToken } from "../session/invitation-token.ts";

/** The invitation behind the link. The token is not part of the query key, and so not in the cache. */
export const invitationQuery = queryOptions({
  queryKey: ["invitation"],
  queryFn: async () =>
    (await dataOf(api.POST("/api/invitations/lookup", { body: { token: invitationToken() ?? "" } }))).data,
  staleTime: Number.POSITIVE_INFINITY,
});

export type InvitationLookup = Awaited<ReturnType<NonNullable<typeof invitationQuery.queryFn>>>;

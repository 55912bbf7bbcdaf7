import { listInvitations } from "../../../auth/list-invitations.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { InvitationList, presentInvitation } from "../../schemas/invitation.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listInvitationsRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  app.get(
    "/api/invitations",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listInvitations",
        summary: "List open invitations, newest first",
        description: "All of them: a workspace has 100 at most. Their links are not shown again.",
        tags: [TAGS.members],
        security: KEY_OR_SESSION,
        response: { 200: InvitationList, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const found = await listInvitations(db, callerOf(request).workspaceId, now());
      return {
        object: "list" as const,
        data: found.map(presentInvitation),
        has_more: false,
        next_cursor: null,
      };
    },
  );
}

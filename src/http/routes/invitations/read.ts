import { getInvitation } from "../../../auth/list-invitations.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { InvitationAnswer, presentInvitation } from "../../schemas/invitation.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readInvitationRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  app.get(
    "/api/invitations/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getInvitation",
        summary: "Retrieve an open invitation",
        description: "Its link is not shown again.",
        tags: [TAGS.members],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: InvitationAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const found = await getInvitation(db, callerOf(request).workspaceId, request.params.id, now());
      return { object: "invitation" as const, data: presentInvitation(found) };
    },
  );
}

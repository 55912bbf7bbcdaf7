import { invite } from "../../../auth/invite.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { CreatedInvitationAnswer, InviteBody, presentInvitation } from "../../schemas/invitation.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function inviteRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.post(
    "/api/invitations",
    {
      config: { requires: "administer" },
      schema: {
        operationId: "invite",
        summary: "Invite a person",
        description:
          "Returns a link to pass on to the person; where the server sends mail, it is mailed to them too. Only this response contains the link. It works once, for 7 days. A second invitation for the same email replaces the first. Only an owner can invite an owner.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        body: InviteBody,
        response: {
          201: CreatedInvitationAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "already_member",
            "limit_reached",
            "workspace_changed",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const { publicUrl } = settings;
      const { invitation, url, isMailed } = await invite(sessions, actorOf(request), request.body, publicUrl);
      return reply
        .code(201)
        .header("location", `/api/invitations/${invitation.id}`)
        .send({ object: "invitation" as const, data: presentInvitation(invitation), url, mailed: isMailed });
    },
  );
}

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
          "Answers with a link to hand to them, which is also mailed to them where the server sends mail. The link is in this answer only, works once and for 7 days. A second invitation of the same email replaces the first. Only an owner may invite an owner.",
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

import { acceptInvitation } from "../../../auth/accept-invitation.ts";
import { readSession } from "../../../auth/sessions.ts";
import type { ApiServer } from "../../api-server.ts";
import { requireSameOrigin } from "../../authenticate.ts";
import { TAGS } from "../../openapi.ts";
import { AcceptInvitationBody } from "../../schemas/invitation.ts";
import { presentSession, SessionAnswer } from "../../schemas/session.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { readOwnSession } from "../session/read.ts";
import { sessionCaller } from "../session/session-caller.ts";

export function acceptInvitationRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.post(
    "/api/invitations/accept",
    {
      config: { calls: "password" },
      schema: {
        operationId: "acceptInvitation",
        summary: "Join a workspace by invitation, and sign in to it",
        description:
          "With a new account, with the password of the existing one (attempts count as sign-ins), or in that person's session. The invitation can be used once.",
        tags: [TAGS.members],
        body: AcceptInvitationBody,
        response: {
          200: SessionAnswer,
          ...problems(
            "malformed_json",
            "invalid_sign_in",
            "cross_origin",
            "invitation_invalid",
            "email_taken",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
            "sign_in_throttled",
          ),
        },
      },
    },
    async (request, reply) => {
      const cookie = request.headers.cookie ?? "";
      const own = await readSession(sessions, cookie);
      // Another site's page must not make someone join with their current session.
      requireSameOrigin(request, settings.publicUrl, own === null ? "if present" : "required");
      const { token, name, password } = request.body;
      const input = { token, name: name ?? null, password: password ?? null };
      const created = await acceptInvitation(sessions, input, own?.identity ?? null, sessionCaller(request));
      if (created === null) return readOwnSession(request, sessions, settings);
      return reply
        .header("set-cookie", created.cookies)
        .send(presentSession(created.session, settings.retention));
    },
  );
}

import { lookUpInvitation } from "../../../auth/look-up-invitation.ts";
import { readSession } from "../../../auth/sessions.ts";
import type { ApiServer } from "../../api-server.ts";
import { requireSameOrigin } from "../../authenticate.ts";
import { TAGS } from "../../openapi.ts";
import { InvitationLookupAnswer, LookUpInvitationBody } from "../../schemas/invitation.ts";
import { problems, toTimestamp } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function lookUpInvitationRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.post(
    "/api/invitations/lookup",
    {
      schema: {
        operationId: "lookUpInvitation",
        summary: "Look up an invitation by its token",
        description:
          "The token is the part of the link after `#`. It is sent in the body, so that no log has it.",
        tags: [TAGS.members],
        body: LookUpInvitationBody,
        response: {
          200: InvitationLookupAnswer,
          ...problems(
            "malformed_json",
            "cross_origin",
            "invitation_invalid",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      requireSameOrigin(request, settings.publicUrl, "if present");
      const found = await lookUpInvitation(sessions.db, request.body.token, sessions.now());
      const session = await readSession(sessions, request.headers.cookie ?? "");
      if (session !== null) request.renewedCookies = session.cookies;
      const user = session?.view.user ?? null;
      return {
        object: "invitation_lookup" as const,
        data: {
          workspace: found.workspace,
          email: found.email,
          role: found.role,
          invited_by: found.invitedBy,
          expires_at: toTimestamp(found.expiresAt),
          has_account: found.hasAccount,
          signed_in_as: user === null ? null : { name: user.name, email: user.email },
        },
      };
    },
  );
}

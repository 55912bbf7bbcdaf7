import { z } from "zod";
import { completePasswordReset } from "../../../auth/reset-password.ts";
import type { ApiServer } from "../../api-server.ts";
import { requireSameOrigin } from "../../authenticate.ts";
import { TAGS } from "../../openapi.ts";
import { CompletePasswordResetBody } from "../../schemas/password-reset.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { sessionCaller } from "../session/session-caller.ts";

export function completePasswordResetRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.post(
    "/api/password-resets/complete",
    {
      config: { calls: "password" },
      schema: {
        operationId: "completePasswordReset",
        summary: "Set a new password with the token of a mailed link",
        description:
          "The token is the part of the link after `#`. Ends all sessions of the account, and opens none.",
        tags: [TAGS.people],
        body: CompletePasswordResetBody,
        response: {
          204: z.null().meta({ description: "The new password is set" }),
          ...problems(
            "malformed_json",
            "cross_origin",
            "password_reset_invalid",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, settings.publicUrl, "if present");
      await completePasswordReset(sessions, request.body, sessionCaller(request));
      return reply.code(204).send(null);
    },
  );
}

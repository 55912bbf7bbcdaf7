import { requestPasswordReset } from "../../../auth/reset-password.ts";
import type { ApiServer } from "../../api-server.ts";
import { requireSameOrigin } from "../../authenticate.ts";
import { TAGS } from "../../openapi.ts";
import { PasswordResetAnswer, RequestPasswordResetBody } from "../../schemas/password-reset.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { sessionCaller } from "../session/session-caller.ts";

export function requestPasswordResetRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings, logger } }: Services,
): void {
  app.post(
    "/api/password-resets",
    {
      schema: {
        operationId: "requestPasswordReset",
        summary: "Mail a link to reset a password",
        description:
          "The response is the same whether there is an account with this email or not. The link works once, for one hour.",
        tags: [TAGS.people],
        body: RequestPasswordResetBody,
        response: {
          202: PasswordResetAnswer,
          ...problems(
            "malformed_json",
            "cross_origin",
            "mail_not_configured",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
            "sign_in_throttled",
          ),
        },
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, settings.publicUrl, "if present");
      const mailLink = await requestPasswordReset(sessions, request.body.email, sessionCaller(request));
      mailLink().catch((error: unknown) => logger.error({ err: error }, "password reset not mailed"));
      return reply
        .code(202)
        .send({ object: "password_reset" as const, data: { status: "accepted" as const } });
    },
  );
}

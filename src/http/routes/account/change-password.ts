import { z } from "zod";
import { changePassword } from "../../../auth/account.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { PasswordBody } from "../../schemas/account.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { sessionCaller } from "../session/session-caller.ts";

export function changePasswordRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.post(
    "/api/account/password",
    {
      config: { requires: "session", calls: "password" },
      schema: {
        operationId: "changePassword",
        summary: "Change your password",
        description:
          "Ends all your other sessions, and sets a new session cookie for this one. Wrong current passwords are counted together with failed sign-ins.",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        body: PasswordBody,
        response: {
          204: z.null().meta({ description: "Changed" }),
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
            "sign_in_throttled",
          ),
        },
      },
    },
    async (request, reply) => {
      const { current_password: currentPassword, new_password: newPassword } = request.body;
      const passwords = { currentPassword, newPassword };
      const cookies = await changePassword(
        sessions,
        actorOf(request),
        sessionOf(request),
        passwords,
        sessionCaller(request),
      );
      // Cookies of a renewal would carry the old token.
      request.renewedCookies = [];
      return reply.code(204).header("set-cookie", cookies).send(null);
    },
  );
}

import { signIn } from "../../../auth/sessions.ts";
import type { ApiServer } from "../../api-server.ts";
import { requireSameOrigin } from "../../authenticate.ts";
import { TAGS } from "../../openapi.ts";
import { presentSession, SessionAnswer, SignInBody } from "../../schemas/session.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { sessionCaller } from "./session-caller.ts";

export function signInRoute(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.post(
    "/api/session",
    {
      config: { calls: "password" },
      schema: {
        operationId: "signIn",
        summary: "Sign in with email and password",
        description: "Sets the session cookie. Failed attempts are counted for the account and the address.",
        tags: [TAGS.people],
        body: SignInBody,
        response: {
          200: SessionAnswer,
          ...problems(
            "malformed_json",
            "invalid_sign_in",
            "no_workspace",
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
      requireSameOrigin(request, settings.publicUrl, "if present");
      const { session, cookies } = await signIn(sessions, request.body, sessionCaller(request));
      return reply.header("set-cookie", cookies).send(presentSession(session, settings.retention));
    },
  );
}

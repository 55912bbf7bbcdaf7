import { z } from "zod";
import { signIn } from "../../../auth/sessions.ts";
import { isSetupOpen, setUp } from "../../../auth/set-up.ts";
import type { ApiServer } from "../../api-server.ts";
import { requireSameOrigin } from "../../authenticate.ts";
import { TAGS } from "../../openapi.ts";
import { presentSession, SessionAnswer, SetupBody } from "../../schemas/session.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";
import { sessionCaller } from "../session/session-caller.ts";

const SetupAnswer = z
  .object({
    object: z.literal("setup"),
    data: z.object({
      open: z.boolean(),
      mails_password_resets: z
        .boolean()
        .meta({ description: "Whether this server sends mail, and with it links to reset a password" }),
    }),
  })
  .meta({ id: "SetupAnswer" });

export function setupRoutes(
  app: ApiServer,
  { access: { sessions }, instance: { settings } }: Services,
): void {
  app.get(
    "/api/setup",
    {
      schema: {
        operationId: "getSetup",
        summary: "Check whether this instance waits for its first account",
        tags: [TAGS.people],
        response: {
          200: SetupAnswer,
          ...problems(),
        },
      },
    },
    async () => ({
      object: "setup" as const,
      data: { open: await isSetupOpen(sessions.db), mails_password_resets: sessions.mailQueue !== null },
    }),
  );
  app.post(
    "/api/setup",
    {
      config: { calls: "password" },
      schema: {
        operationId: "setUp",
        summary: "Create the owner's account and sign in",
        description: "With the token of the link that the server printed, while no account exists.",
        tags: [TAGS.people],
        body: SetupBody,
        response: {
          201: SessionAnswer,
          ...problems(
            "malformed_json",
            "setup_closed",
            "invalid_setup_token",
            "cross_origin",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      requireSameOrigin(request, settings.publicUrl, "if present");
      const { token, email, password, name } = request.body;
      const caller = sessionCaller(request);
      await setUp(sessions, { token, email, password, name: name ?? null }, caller.address);
      const { session, cookies } = await signIn(sessions, { email, password }, caller);
      reply.header("location", "/api/session");
      return reply.code(201).header("set-cookie", cookies).send(presentSession(session, settings.retention));
    },
  );
}

import { renameAccount } from "../../../auth/account.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { AccountAnswer, AccountBody } from "../../schemas/account.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function updateAccountRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.patch(
    "/api/account",
    {
      config: { requires: "session" },
      schema: {
        operationId: "updateAccount",
        summary: "Update your name",
        tags: [TAGS.people],
        security: SESSION_ONLY,
        body: AccountBody,
        response: {
          200: AccountAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const account = await renameAccount(sessions, actorOf(request), sessionOf(request), request.body.name);
      return { object: "account" as const, data: account };
    },
  );
}

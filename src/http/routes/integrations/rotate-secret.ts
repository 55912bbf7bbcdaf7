import { getConnection } from "../../../connections/read.ts";
import { rotateSigningSecret } from "../../../connections/rotate-signing-secret.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck, setEntityTag } from "../../entity-tag.ts";
import { respondOnce } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { RotateSecretBody } from "../../schemas/rotation.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function rotateSecretRoute(app: ApiServer, services: Services): void {
  app.post(
    "/api/integrations/connections/:id/rotate-secret",
    {
      config: { requires: "change", keepsToOwn: "by id", honorsIdempotencyKey: true, isVersioned: true },
      schema: {
        operationId: "rotateSigningSecret",
        summary: "Rotate the signing secret",
        description:
          "The new secret signs from now on; the old one keeps signing beside it for `overlap_hours`. Generate the secret yourself: no response contains one. Repeating the call with the same secret returns 200 and changes nothing.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        body: RotateSecretBody,
        response: {
          200: ConnectionAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "not_connected",
            "no_signing_secret",
            "rotation_under_way",
            "credentials_unreadable",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const { signing_secret: signingSecret, overlap_hours: overlapHours } = request.body;
      const input = { signingSecret, overlapHours };
      const actor = actorOf(request);
      const isCurrent = readVersionCheck(request);
      const connection = await respondOnce(
        services.instance,
        request,
        reply,
        (keep) =>
          rotateSigningSecret(services.integrations, actor, request.params.id, input, { keep, isCurrent }),
        (id) => getConnection(services.instance.db, actor.workspaceId, id),
      );
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection, services.instance.now());
    },
  );
}

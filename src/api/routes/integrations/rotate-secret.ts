import { rotateSigningSecret } from "../../../integrations/rotate-signing-secret.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { presentRotation, RotateSecretBody, RotationAnswer } from "../../schemas/rotation.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function rotateSecretRoute(app: ApiServer, { integrations }: Services): void {
  app.post(
    "/api/integrations/connections/:id/rotate-secret",
    {
      config: { requires: "change" },
      schema: {
        operationId: "rotateSigningSecret",
        summary: "Rotate the signing secret",
        description:
          "The new secret signs from now on; the one before goes on signing beside it for overlap_hours. A secret made by OpenSend is shown in this answer and never again.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        body: RotateSecretBody,
        response: {
          200: RotationAnswer,
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
      const { signing_secret: signingSecret = null, overlap_hours: overlapHours } = request.body;
      const input = { signingSecret, overlapHours };
      const rotation = await rotateSigningSecret(integrations, actorOf(request), request.params.id, input);
      setEntityTag(reply, rotation.connection);
      return reply.header("cache-control", "no-store").send(presentRotation(rotation));
    },
  );
}

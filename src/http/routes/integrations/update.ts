import type { z } from "zod";
import { mergeMetadata } from "../../../connections/connection-identity.ts";
import { type ConnectionUpdate, type UpdateInput, update } from "../../../connections/update.ts";
import type { ConnectionIdentity } from "../../../domain/connection.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck, setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { UpdateBody } from "../../schemas/connection-bodies.ts";
import { toHeaderChanges } from "../../schemas/headers.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

type Metadata = ConnectionIdentity["metadata"];

export function updateRoute(app: ApiServer, { integrations }: Services): void {
  app.patch(
    "/api/integrations/connections/:id",
    {
      config: { requires: "change", keepsToOwn: "by id", calls: "receiver", isVersioned: true },
      schema: {
        operationId: "updateConnection",
        summary: "Update name, URL, or signing secret",
        description:
          "At least one field. A null signing_secret removes it. Metadata and headers are merged by name (RFC 7396): a text sets one, null removes it. With webhook_url a disconnected connection connects again; a URL of another host needs the headers again.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        body: UpdateBody,
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
            "credentials_unreadable",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
            "external_id_taken",
            "unsafe_url",
          ),
        },
      },
    },
    async (request, reply) => {
      const isCurrent = readVersionCheck(request);
      const input = toInput(request.body);
      const connection = await update(integrations, actorOf(request), request.params.id, input, isCurrent);
      setEntityTag(reply, connection);
      return presentConnectionAnswer(connection, integrations.now());
    },
  );
}

function toInput(body: z.infer<typeof UpdateBody>): ConnectionUpdate {
  return { ...toUpdateInput(body), ...identityNamed(body) };
}

function identityNamed({ external_id: externalId, metadata }: z.infer<typeof UpdateBody>) {
  const identity = {
    ...(externalId === undefined ? {} : { externalId }),
    ...(metadata === undefined ? {} : { metadata: (before: Metadata) => mergeMetadata(before, metadata) }),
  };
  return Object.keys(identity).length === 0 ? {} : { identity };
}

/** The fields of a change, without the caller's own identifiers for the connection. */
export function toUpdateInput(
  body: Omit<z.infer<typeof UpdateBody>, "external_id" | "metadata">,
): UpdateInput {
  return {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.description === undefined ? {} : { description: body.description }),
    ...(body.webhook_url === undefined ? {} : { webhookUrl: body.webhook_url }),
    ...(body.signing_secret === undefined ? {} : { signingSecret: body.signing_secret }),
    ...(body.headers === undefined ? {} : { headers: toHeaderChanges(body.headers) }),
    ...(body.event_types === undefined ? {} : { eventTypes: body.event_types }),
    ...limitsNamed(body),
  };
}

function limitsNamed(
  body: Pick<
    z.infer<typeof UpdateBody>,
    "ordered" | "concurrency" | "rate_limit_per_minute" | "timeout_seconds"
  >,
) {
  const { ordered, concurrency, rate_limit_per_minute: rate, timeout_seconds: timeoutSeconds } = body;
  const limits = {
    ...(ordered === undefined ? {} : { ordered }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(rate === undefined ? {} : { rateLimitPerMinute: rate }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
  return Object.keys(limits).length === 0 ? {} : { limits };
}

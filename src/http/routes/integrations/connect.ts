import type { z } from "zod";
import { connect } from "../../../connections/connect.ts";
import { getConnection } from "../../../connections/read.ts";
import { webhook } from "../../../connectors/webhook/webhook.ts";
import type { Actor } from "../../../domain/actor.ts";
import { changeHeaders } from "../../../domain/custom-headers.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { setEntityTag } from "../../entity-tag.ts";
import { respondOnce } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { ConnectBody } from "../../schemas/connection-bodies.ts";
import { toHeaderChanges } from "../../schemas/headers.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function connectRoute(app: ApiServer, services: Services): void {
  app.post(
    "/api/integrations/webhook",
    {
      config: {
        requires: "change",
        keepsToOwn: "itself",
        honorsIdempotencyKey: true,
        calls: "receiver",
      },
      schema: {
        operationId: "connectWebhook",
        summary: "Connect the webhook connector",
        description:
          "A workspace can have several connections. URL, secret and header values are encrypted before they are stored, and no response contains them.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        body: ConnectBody,
        response: {
          201: ConnectionAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
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
      const actor = actorOf(request);
      const input = toConnectInput(request.body, actor);
      const connection = await respondOnce(
        services.instance,
        request,
        reply,
        (keep) => connect(services.integrations, actor, input, keep),
        (id) => getConnection(services.instance.db, actor.workspaceId, id),
      );
      setEntityTag(reply, connection);
      reply.header("location", `/api/integrations/connections/${connection.id}`);
      return reply.code(201).send(presentConnectionAnswer(connection, services.instance.now()));
    },
  );
}

/** Fills in the defaults of a new connection; its event types default to all that its creator may subscribe to. */
export function toConnectInput(body: z.infer<typeof ConnectBody>, { key }: Actor) {
  return {
    provider: webhook.provider,
    name: body.name,
    description: body.description ?? null,
    credentials: {
      webhookUrl: body.webhook_url,
      signingSecret: body.signing_secret ?? null,
      headers: changeHeaders([], toHeaderChanges(body.headers ?? null)),
    },
    eventTypes: body.event_types ?? key?.eventTypes ?? ["*"],
    identity: { externalId: body.external_id ?? null, metadata: body.metadata ?? {} },
    limits: {
      ordered: body.ordered,
      concurrency: body.concurrency,
      rateLimitPerMinute: body.rate_limit_per_minute,
      timeoutSeconds: body.timeout_seconds,
    },
  };
}

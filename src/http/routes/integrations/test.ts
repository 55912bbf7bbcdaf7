import { readTestEvent, sendTestEvent } from "../../../connections/send-test-event.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { readVersionCheck } from "../../entity-tag.ts";
import { respondOnce } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { presentConnection } from "../../schemas/connection.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import { presentTestDelivery, TestEventAnswer } from "../../schemas/test-event.ts";
import type { Services } from "../../services.ts";

export function testRoute(app: ApiServer, services: Services): void {
  app.post(
    "/api/integrations/connections/:id/test",
    {
      config: {
        requires: "change",
        keepsToOwn: "by id",
        honorsIdempotencyKey: true,
        calls: "receiver",
        isVersioned: true,
      },
      schema: {
        operationId: "sendTestEvent",
        summary: "Send a test event",
        description:
          "Waits for the receiver and returns the request and its response. If the receiver fails or does not respond, the call returns 200 with `ok: false`. A test is never retried.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: TestEventAnswer,
          ...problems(
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "not_connected",
            "idempotency_key_in_use",
          ),
        },
      },
    },
    async (request, reply) => {
      const { integrations } = services;
      const { id } = request.params;
      const actor = actorOf(request);
      const isCurrent = readVersionCheck(request);
      const { connection, delivery } = await respondOnce(
        services.instance,
        request,
        reply,
        (keep) => sendTestEvent(integrations, actor, id, { keep, isCurrent }),
        (deliveryId) => readTestEvent(integrations, actor.workspaceId, id, deliveryId),
      );
      return {
        object: "integration_test_event" as const,
        connection: presentConnection(connection, integrations.now()),
        delivery: presentTestDelivery(delivery),
      };
    },
  );
}

import { z } from "zod";
import { listDeliveries } from "../../../delivery/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryView, deliveryStatus, presentDelivery } from "../../schemas/delivery.ts";
import { listOf, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  status: deliveryStatus.optional(),
  connection_id: z.uuid().optional(),
  event_id: z.uuid().optional(),
  event_type: z.string().min(1).max(255).optional(),
  ...pageQuery,
});

export function listDeliveriesRoute(app: ApiServer, { db }: Services): void {
  app.get(
    "/api/deliveries",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listDeliveries",
        summary: "List deliveries, newest first",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        querystring: Query,
        response: {
          200: listOf(DeliveryView),
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { status, connection_id, event_id, event_type } = request.query;
      const filter = {
        status: status ?? null,
        connectionId: connection_id ?? null,
        eventId: event_id ?? null,
        eventType: event_type ?? null,
      };
      const pageRequest = readPageRequest("deliveries", request.query);
      const page = await listDeliveries(db, callerOf(request).workspaceId, filter, pageRequest);
      return presentList("deliveries", page, presentDelivery);
    },
  );
}

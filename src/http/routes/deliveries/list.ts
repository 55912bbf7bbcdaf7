import { z } from "zod";
import { listDeliveries, listDeliveriesOfEvent } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import {
  DeliveryList,
  deliveryFilterFields,
  deliveryStatus,
  presentDelivery,
  readDeliveryFilter,
} from "../../schemas/delivery.ts";
import { givenId, pageQuery, problems, SPARSE_LIST } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  status: deliveryStatus.optional(),
  event_id: givenId.optional(),
  ...deliveryFilterFields,
  ...pageQuery,
});

export function listDeliveriesRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/deliveries",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listDeliveries",
        summary: "List deliveries, newest first",
        description: SPARSE_LIST,
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        querystring: Query,
        response: {
          200: DeliveryList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { status, event_id, ...fields } = request.query;
      const filter = { statuses: status === undefined ? null : [status], ...readDeliveryFilter(fields) };
      const pageRequest = readPageRequest("deliveries", request.query);
      const { workspaceId } = callerOf(request);
      const page =
        event_id === undefined
          ? await listDeliveries(db, workspaceId, filter, pageRequest)
          : await listDeliveriesOfEvent(db, workspaceId, event_id, filter, pageRequest);
      return presentList("deliveries", page, presentDelivery);
    },
  );
}

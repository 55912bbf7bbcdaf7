import { z } from "zod";
import { listDeliveries } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryList, presentDelivery, presentSearched } from "../../schemas/delivery.ts";
import { deliveryQueryFields, readDeliveryQuery } from "../../schemas/delivery-filter.ts";
import { pageQuery, problems, SPARSE_LIST } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  ...deliveryQueryFields,
  sort: z
    .enum(["-created_at", "created_at"])
    .default("-created_at")
    .meta({ description: "Newest first, or oldest first" }),
  ...pageQuery,
});

export function listDeliveriesRoute(app: ApiServer, { deliveries }: Services): void {
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
      const { sort, limit, cursor, ...fields } = request.query;
      const direction = sort === "created_at" ? "asc" : "desc";
      const page = await listDeliveries(
        deliveries,
        callerOf(request).workspaceId,
        readDeliveryQuery(fields),
        {
          ...readPageRequest("deliveries", { limit, cursor }),
          direction,
        },
      );
      const list = presentList("deliveries", page, (row) => presentDelivery(row, deliveries));
      return { ...list, searched: presentSearched(page.searched) };
    },
  );
}

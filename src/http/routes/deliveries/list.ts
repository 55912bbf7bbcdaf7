import { z } from "zod";
import { listDeliveries } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryList, presentDelivery, presentSearched } from "../../schemas/delivery.ts";
import { deliveryQueryFields, readDeliveryQuery } from "../../schemas/delivery-filter.ts";
import { pageQuery, problems, SPARSE_LIST, searchText } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  ...deliveryQueryFields,
  q: searchText.optional().meta({
    description:
      "Text to look for in payloads and in response bodies, without regard to case. A page looks at a bounded number of deliveries; `searched` says how far",
  }),
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
      const { sort, limit, cursor, q = null, ...fields } = request.query;
      const direction = sort === "created_at" ? "asc" : "desc";
      const asked = { ...readPageRequest("deliveries", { limit, cursor }), direction } as const;
      const { workspaceId } = callerOf(request);
      const page = await listDeliveries(deliveries, workspaceId, readDeliveryQuery(fields), asked, q);
      const list = presentList("deliveries", page, (row) => presentDelivery(row, deliveries));
      return { ...list, searched: presentSearched(page.searched) };
    },
  );
}

import { z } from "zod";
import { DELIVERY_ORDERS, type DeliveryOrder } from "../../../domain/delivery-order.ts";
import { ownDeliveriesOf } from "../../../history/own-deliveries.ts";
import {
  listDeliveries,
  listSortedDeliveries,
  type SortedDeliveries,
} from "../../../history/read-deliveries.ts";
import type { SortedPageRequest } from "../../../history/sort-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, callerOf } from "../../authenticate.ts";
import {
  encodeSortedCursor,
  invalidCursor,
  presentList,
  readPageRequest,
  readSortedCursor,
} from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import {
  DeliveryList,
  presentDelivery,
  presentSearched,
  type ShownNow,
  shownNow,
} from "../../schemas/delivery.ts";
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
    .enum(["-created_at", "created_at", ...DELIVERY_ORDERS])
    .default("-created_at")
    .meta({
      description:
        "Newest first, oldest first, slowest first (by the last attempt), or last changed first. The last two compare the newest 1,000 deliveries of the filter; by the last change also the 1,000 whose failures are the latest. `searched` says how far back that was",
    }),
  ...pageQuery,
});

const LIST = "deliveries";

/** The cursor contains the position of the last row, and the start of the deliveries being compared. */
function readSortedRequest(
  order: DeliveryOrder,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): SortedPageRequest {
  if (cursor === undefined) return { order, limit, after: null, newestAt: null };
  const { key, id } = readSortedCursor(LIST, order, cursor);
  const [value, newestAt] = key;
  if (typeof value !== "number" || typeof newestAt !== "number" || key.length > 2) throw invalidCursor();
  return { order, limit, after: { id, value }, newestAt };
}

function presentSorted(
  { rows, hasMore, last, newestAt, searched }: SortedDeliveries,
  order: DeliveryOrder,
  shown: ShownNow,
) {
  const key = last && [last.value, newestAt ?? Number.MAX_SAFE_INTEGER - 1];
  return {
    object: "list" as const,
    data: rows.map((row) => presentDelivery(row, shown)),
    has_more: hasMore,
    next_cursor: hasMore && last && key ? encodeSortedCursor(LIST, order, { key, id: last.id }) : null,
    searched: presentSearched(searched),
  };
}

export function listDeliveriesRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/deliveries",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "listDeliveries",
        summary: "List deliveries, newest first unless sorted",
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
      const { workspaceId } = callerOf(request);
      const filter = { ...readDeliveryQuery(fields), own: ownDeliveriesOf(actorOf(request)) };
      if (sort === "-duration_ms" || sort === "-updated_at") {
        const pageRequest = readSortedRequest(sort, { limit, cursor });
        const page = await listSortedDeliveries(deliveries, workspaceId, filter, pageRequest, q);
        return presentSorted(page, sort, await shownNow(deliveries, page.rows));
      }
      const direction = sort === "created_at" ? "asc" : "desc";
      const pageRequest = { ...readPageRequest("deliveries", { limit, cursor }), direction } as const;
      const page = await listDeliveries(deliveries, workspaceId, filter, pageRequest, q);
      const shown = await shownNow(deliveries, page.rows);
      const list = presentList("deliveries", page, (row) => presentDelivery(row, shown));
      return { ...list, searched: presentSearched(page.searched) };
    },
  );
}

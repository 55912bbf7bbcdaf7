import { getDelivery } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryAnswer, presentDeliveryAnswer, shownNow } from "../../schemas/delivery.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readDeliveryRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/deliveries/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getDelivery",
        summary: "Retrieve a delivery with its newest attempts",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: DeliveryAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const delivery = await getDelivery(deliveries.db, workspaceId, request.params.id);
      return presentDeliveryAnswer(delivery, await shownNow(deliveries, [delivery]));
    },
  );
}

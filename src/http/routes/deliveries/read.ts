import { ownDeliveriesOf } from "../../../history/own-deliveries.ts";
import { getDelivery } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryAnswer, presentDeliveryAnswer, shownNow } from "../../schemas/delivery.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readDeliveryRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/deliveries/:id",
    {
      config: { requires: "read", keepsToOwn: "itself" },
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
      const actor = actorOf(request);
      const { id } = request.params;
      const delivery = await getDelivery(deliveries.db, actor.workspaceId, id, ownDeliveriesOf(actor));
      return presentDeliveryAnswer(delivery, await shownNow(deliveries, [delivery]));
    },
  );
}

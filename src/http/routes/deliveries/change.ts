import { cancelDelivery, retryDelivery } from "../../../history/change-delivery.ts";
import { ownDeliveriesOf } from "../../../history/own-deliveries.ts";
import { getDelivery } from "../../../history/read-deliveries.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { respondOnce } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryAnswer, presentDeliveryAnswer, shownNow } from "../../schemas/delivery.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const CALLS = [
  {
    verb: "retry",
    keepsToOwn: { keepsToOwn: "itself" },
    change: retryDelivery,
    summary: "Retry a delivery",
    description:
      "The delivery becomes due immediately, even if it was waiting for a later attempt. The response confirms that it is queued, not that it arrived.",
  },
  {
    verb: "cancel",
    keepsToOwn: {},
    change: cancelDelivery,
    summary: "Cancel a delivery",
    description: "The delivery is not sent any more. Its attempts stay on record.",
  },
] as const;

export function changeDeliveryRoutes(app: ApiServer, services: Services): void {
  for (const { verb, keepsToOwn, change, summary, description } of CALLS) {
    app.post(
      `/api/deliveries/:id/${verb}`,
      {
        config: { requires: "change", honorsIdempotencyKey: true, ...keepsToOwn },
        schema: {
          operationId: `${verb}Delivery`,
          summary,
          description,
          tags: [TAGS.deliveries],
          security: KEY_OR_SESSION,
          params: IdParams,
          response: {
            200: DeliveryAnswer,
            ...problems(
              "unauthenticated",
              "forbidden",
              "cross_origin",
              "invalid_id",
              "not_found",
              "not_connected",
              "delivery_state",
              "payload_deleted",
            ),
          },
        },
      },
      async (request, reply) => {
        const actor = actorOf(request);
        const delivery = await respondOnce(
          services.instance,
          request,
          reply,
          (keep) => change(services.deliveries, actor, request.params.id, keep),
          (id) => getDelivery(services.instance.db, actor.workspaceId, id, ownDeliveriesOf(actor)),
        );
        return presentDeliveryAnswer(delivery, await shownNow(services.deliveries, [delivery]));
      },
    );
  }
}

import { compareDelivery } from "../../../history/compare-delivery.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ComparisonAnswer, presentComparison } from "../../schemas/comparison.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function compareDeliveryRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/deliveries/:id/comparison",
    {
      config: { requires: "read" },
      schema: {
        operationId: "compareDelivery",
        summary: "Compare a failed delivery with the last success",
        description:
          "The latest failed attempt beside the connection's last delivered one before it, of the same event type if there is one. `data` is null, with a `reason`, when there is nothing to compare.",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: ComparisonAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) =>
      presentComparison(await compareDelivery(deliveries, callerOf(request).workspaceId, request.params.id)),
  );
}

import { z } from "zod";
import { readDeliveryStats } from "../../../connections/delivery-stats.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { givenId, problems } from "../../schemas/shared.ts";
import { DeliveryStatsAnswer, presentDeliveryStats } from "../../schemas/stats.ts";
import type { Services } from "../../services.ts";

export function deliveryStatsRoute(
  app: ApiServer,
  { instance: { now }, deliveries: { db, dialect } }: Services,
): void {
  app.get(
    "/api/integrations/stats",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getDeliveryStats",
        summary: "Retrieve statistics of the last 24 hours",
        description: "Of one connection, or of the whole workspace. Tests are not counted.",
        tags: [TAGS.integrations],
        security: KEY_OR_SESSION,
        querystring: z.strictObject({ connection_id: givenId.optional() }),
        response: {
          200: DeliveryStatsAnswer,
          ...problems("unauthenticated", "forbidden", "not_found", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const { connection_id } = request.query;
      return presentDeliveryStats(
        await readDeliveryStats({ db, dialect }, workspaceId, connection_id ?? null, now()),
      );
    },
  );
}

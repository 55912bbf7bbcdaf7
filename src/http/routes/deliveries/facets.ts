import { z } from "zod";
import { getConnections } from "../../../connections/read.ts";
import { readFacets } from "../../../history/facets.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { DeliveryFacetsAnswer, presentFacets } from "../../schemas/delivery-facets.ts";
import { deliveryQueryFields, readDeliveryQuery } from "../../schemas/delivery-filter.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function deliveryFacetsRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/deliveries/facets",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getDeliveryFacets",
        summary: "Count deliveries by status, connection, event type and failure",
        description: "Takes the filters of the list and counts the matching deliveries, in bounded time.",
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        querystring: z.strictObject(deliveryQueryFields),
        response: {
          200: DeliveryFacetsAnswer,
          ...problems("unauthenticated", "forbidden", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const facets = await readFacets(deliveries, workspaceId, readDeliveryQuery(request.query));
      const ids = facets.connection.map(({ value }) => value);
      const connections = await getConnections(deliveries.db, workspaceId, ids);
      return presentFacets(facets, new Map(connections.map(({ id, name }) => [id, name])));
    },
  );
}

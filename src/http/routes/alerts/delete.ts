import { z } from "zod";
import { deleteAlert } from "../../../alerts/change-alerts.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function deleteAlertRoute(app: ApiServer, { instance: { operations } }: Services): void {
  app.delete(
    "/api/alerts/:id",
    {
      config: { requires: "change" },
      schema: {
        operationId: "deleteAlert",
        summary: "Delete an alert",
        description: "Takes effect immediately. The notices it has sent stay in the list of notices.",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          204: z.null().meta({ description: "Deleted" }),
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request, reply) => {
      await deleteAlert(operations.alerts, actorOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

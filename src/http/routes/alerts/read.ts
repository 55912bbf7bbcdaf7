import { getAlert } from "../../../alerts/read-alerts.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AlertAnswer, presentAlert } from "../../schemas/alert.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readAlertRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/alerts/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getAlert",
        summary: "Retrieve an alert",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: AlertAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const shown = await getAlert(db, callerOf(request).workspaceId, request.params.id);
      return { object: "alert" as const, data: presentAlert(shown) };
    },
  );
}

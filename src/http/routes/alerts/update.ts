import { updateAlert } from "../../../alerts/change-alerts.ts";
import { withRecipients } from "../../../alerts/read-alerts.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AlertAnswer, presentAlert, toAlertChanges, UpdateAlertBody } from "../../schemas/alert.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function updateAlertRoute(app: ApiServer, { instance: { db, operations } }: Services): void {
  app.patch(
    "/api/alerts/:id",
    {
      config: { requires: "change" },
      schema: {
        operationId: "updateAlert",
        summary: "Change an alert",
        description:
          "Fields that are left out stay. With another `condition` and no `threshold`, the usual one is set.",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        params: IdParams,
        body: UpdateAlertBody,
        response: {
          200: AlertAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const changes = toAlertChanges(request.body);
      const alert = await updateAlert(operations.alerts, actorOf(request), request.params.id, changes);
      return { object: "alert" as const, data: presentAlert(await withRecipients(db, alert)) };
    },
  );
}

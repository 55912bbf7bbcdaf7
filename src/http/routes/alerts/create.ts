import { createAlert } from "../../../alerts/change-alerts.ts";
import { withRecipients } from "../../../alerts/read-alerts.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AlertAnswer, CreateAlertBody, presentAlert, toAlertInput } from "../../schemas/alert.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function createAlertRoute(app: ApiServer, { instance: { db, operations } }: Services): void {
  app.post(
    "/api/alerts",
    {
      config: { requires: "change" },
      schema: {
        operationId: "createAlert",
        summary: "Create an alert",
        description:
          "Notifies chosen members by mail, and a connection by an event, when the condition applies, and again when it no longer applies. A connection is in at most one notice per hour; connections that follow within five minutes share a notice.",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        body: CreateAlertBody,
        response: {
          201: AlertAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "limit_reached",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request, reply) => {
      const alert = await createAlert(operations.alerts, actorOf(request), toAlertInput(request.body));
      const data = presentAlert(await withRecipients(db, alert));
      return reply
        .code(201)
        .header("location", `/api/alerts/${alert.id}`)
        .send({ object: "alert" as const, data });
    },
  );
}

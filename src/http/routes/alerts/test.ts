import { testAlert } from "../../../alerts/test-alert.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AlertTestAnswer, presentAlertTest } from "../../schemas/alert.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function testAlertRoute(app: ApiServer, { instance: { operations } }: Services): void {
  app.post(
    "/api/alerts/:id/test",
    {
      config: { requires: "change", calls: "receiver" },
      schema: {
        operationId: "testAlert",
        summary: "Send a test of an alert",
        description:
          "Sends a notice marked as a test to every recipient and waits for the results. A recipient that was not reached is a 200 with `ok: false`. Works while the alert is off.",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: AlertTestAnswer,
          ...problems("unauthenticated", "forbidden", "cross_origin", "invalid_id", "not_found"),
        },
      },
    },
    async (request) =>
      presentAlertTest(await testAlert(operations.alerts, actorOf(request), request.params.id)),
  );
}

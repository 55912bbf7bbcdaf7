import { listAlerts } from "../../../alerts/read-alerts.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AlertList, presentAlert } from "../../schemas/alert.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listAlertsRoute(app: ApiServer, { instance: { db, operations } }: Services): void {
  app.get(
    "/api/alerts",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listAlerts",
        summary: "List alerts, newest first",
        description: "All of them: a workspace has 50 at most.",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        response: { 200: AlertList, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const alerts = await listAlerts(db, callerOf(request).workspaceId);
      return {
        object: "list" as const,
        data: alerts.map(presentAlert),
        has_more: false,
        next_cursor: null,
        mail_configured: operations.alerts.smtp !== null,
      };
    },
  );
}

import { z } from "zod";
import { listNotices } from "../../../alerts/read-alerts.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AlertNoticeList, presentNotice } from "../../schemas/alert.ts";
import { givenId, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listAlertNoticesRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/alert-notices",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listAlertNotices",
        summary: "List notices of alerts, newest first",
        description: "Kept for 90 days.",
        tags: [TAGS.alerts],
        security: KEY_OR_SESSION,
        querystring: z.strictObject({ alert_id: givenId.optional(), ...pageQuery }),
        response: {
          200: AlertNoticeList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const page = readPageRequest("alert_notices", request.query);
      const notices = await listNotices(db, workspaceId, request.query.alert_id ?? null, page);
      return presentList("alert_notices", notices, presentNotice);
    },
  );
}

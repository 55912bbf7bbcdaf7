import { z } from "zod";
import { listAudit } from "../../../audit/list-audit.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { AuditEntryList, presentAuditEntry } from "../../schemas/audit-entry.ts";
import { auditFilterFields, readAuditFilter } from "../../schemas/audit-filter.ts";
import { pageQuery, problems, SPARSE_LIST } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listAuditLogRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/audit-log",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listAuditLog",
        summary: "List audit entries, newest first",
        description: SPARSE_LIST,
        tags: [TAGS.audit],
        security: KEY_OR_SESSION,
        querystring: z.strictObject({ ...auditFilterFields, ...pageQuery }),
        response: {
          200: AuditEntryList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const pageRequest = readPageRequest("audit_log", request.query);
      const filter = readAuditFilter(request.query);
      const page = await listAudit(db, callerOf(request).workspaceId, filter, pageRequest);
      return presentList("audit_log", page, presentAuditEntry);
    },
  );
}

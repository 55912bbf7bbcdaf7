import { getIssue } from "../../../history/read-issues.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { IssueAnswer, presentIssue } from "../../schemas/issue.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readIssueRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/issues/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "getIssue",
        summary: "Retrieve an issue",
        tags: [TAGS.issues],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: IssueAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const issue = await getIssue(deliveries, callerOf(request).workspaceId, request.params.id);
      return { object: "issue" as const, data: presentIssue(issue) };
    },
  );
}

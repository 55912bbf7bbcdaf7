import { ownDeliveriesOf } from "../../../history/own-deliveries.ts";
import { getIssue } from "../../../history/read-issues.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { IssueAnswer, presentIssue } from "../../schemas/issue.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readIssueRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/issues/:id",
    {
      config: { requires: "read", keepsToOwn: "itself" },
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
      const actor = actorOf(request);
      const own = ownDeliveriesOf(actor);
      const issue = await getIssue(deliveries, actor.workspaceId, request.params.id, own);
      return { object: "issue" as const, data: presentIssue(issue) };
    },
  );
}

import { ownDeliveriesOf } from "../../../history/own-deliveries.ts";
import { isByImpact, listIssues } from "../../../history/read-issues.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { IssueList, IssuesRequest, presentIssue } from "../../schemas/issue.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listIssuesRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/issues",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "listIssues",
        summary: "List issues, the greatest impact first",
        description:
          "One per connection and cause of failed attempts. An issue resolves once its connection has a success after the last failure; where successes and failures alternate, after ten minutes without a failure. When it fails again later, it opens with a new `first_seen_at`. A connection has up to 20; further ones replace the one that was seen least recently.",
        tags: [TAGS.issues],
        security: KEY_OR_SESSION,
        querystring: IssuesRequest,
        response: {
          200: IssueList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { state: requestedState, connection_id: connectionId = null } = request.query;
      const state = requestedState === "all" ? null : requestedState;
      const list = isByImpact(state) ? "issues_by_impact" : "issues";
      const page = readPageRequest(list, request.query);
      const actor = actorOf(request);
      const filter = { state, connectionId, own: ownDeliveriesOf(actor) };
      return presentList(list, await listIssues(deliveries, actor.workspaceId, filter, page), presentIssue);
    },
  );
}

import { changeIssue } from "../../../history/change-issue.ts";
import { getIssue } from "../../../history/read-issues.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ChangeIssueBody, IssueAnswer, presentIssue } from "../../schemas/issue.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function changeIssueRoute(app: ApiServer, { deliveries }: Services): void {
  app.patch(
    "/api/issues/:id",
    {
      config: { requires: "change" },
      schema: {
        operationId: "updateIssue",
        summary: "Mute, resolve or reopen an issue",
        description:
          "A muted issue does not count as open until it has resolved. One that is resolved opens again with the next failure; one that is reopened resolves with the next success.",
        tags: [TAGS.issues],
        security: KEY_OR_SESSION,
        params: IdParams,
        body: ChangeIssueBody,
        response: {
          200: IssueAnswer,
          ...problems(
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      await changeIssue(deliveries, actor, request.params.id, request.body.state);
      const issue = await getIssue(deliveries, actor.workspaceId, request.params.id);
      return { object: "issue" as const, data: presentIssue(issue) };
    },
  );
}

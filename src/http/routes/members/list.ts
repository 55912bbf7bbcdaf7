import { z } from "zod";
import { listMembers } from "../../../auth/list-members.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { MemberList, presentMember } from "../../schemas/member.ts";
import { pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listMembersRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/members",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listMembers",
        summary: "List the workspace's people, in the order in which they joined",
        tags: [TAGS.members],
        security: KEY_OR_SESSION,
        querystring: z.strictObject(pageQuery),
        response: {
          200: MemberList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const userId = caller.kind === "user" ? caller.userId : null;
      const page = await listMembers(db, caller.workspaceId, readPageRequest("members", request.query));
      return presentList("members", page, (member) => presentMember(member, userId));
    },
  );
}

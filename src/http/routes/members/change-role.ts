import { changeRole } from "../../../auth/change-role.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, sessionOf } from "../../authenticate.ts";
import { SESSION_ONLY, TAGS } from "../../openapi.ts";
import { ChangeMemberBody, MemberAnswer, presentMember } from "../../schemas/member.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function changeRoleRoute(app: ApiServer, { access: { sessions } }: Services): void {
  app.patch(
    "/api/members/:id",
    {
      config: { requires: "administer" },
      schema: {
        operationId: "changeMember",
        summary: "Change a member's role",
        description:
          "Takes effect immediately. Only an owner may add or change an owner, and the last owner keeps the role. Invitations that the member may no longer send are revoked.",
        tags: [TAGS.members],
        security: SESSION_ONLY,
        params: IdParams,
        body: ChangeMemberBody,
        response: {
          200: MemberAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "last_owner",
            "workspace_changed",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      const member = await changeRole(sessions, actorOf(request), id, request.body.role);
      return { object: "member" as const, data: presentMember(member, sessionOf(request).userId) };
    },
  );
}

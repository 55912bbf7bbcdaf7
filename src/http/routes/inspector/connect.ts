import { connectInspector } from "../../../connections/inspector-connection.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { setEntityTag } from "../../entity-tag.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { ConnectionAnswer, presentConnectionAnswer } from "../../schemas/connection.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function connectInspectorRoute(app: ApiServer, { integrations }: Services): void {
  app.post(
    "/api/integrations/inspector",
    {
      config: { requires: "change" },
      schema: {
        operationId: "connectInspector",
        summary: "Connect the built-in inspector",
        description:
          "A built-in receiver for testing: nothing leaves the server. A signing secret is generated and encrypted. A workspace has one such connection; if it already exists, the call returns 200 with it.",
        tags: [TAGS.inspector],
        security: KEY_OR_SESSION,
        response: {
          200: ConnectionAnswer,
          201: ConnectionAnswer,
          ...problems("unauthenticated", "forbidden", "cross_origin"),
        },
      },
    },
    async (request, reply) => {
      const { connection, isNew } = await connectInspector(integrations, actorOf(request));
      setEntityTag(reply, connection);
      if (isNew) reply.header("location", `/api/integrations/connections/${connection.id}`);
      return reply.code(isNew ? 201 : 200).send(presentConnectionAnswer(connection, integrations.now()));
    },
  );
}

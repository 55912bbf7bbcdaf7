import { findInspectorConnection } from "../../../connections/inspector-connection.ts";
import { readSettings, updateSettings } from "../../../inspector/settings.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { InspectorAnswer, InspectorBody, presentInspector } from "../../schemas/inspector.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const PATH = "/api/inspector";

export function readInspectorRoute(app: ApiServer, { instance: { db, now } }: Services): void {
  app.get(
    PATH,
    {
      config: { requires: "read" },
      schema: {
        operationId: "getInspector",
        summary: "Retrieve the inspector, its connection and its response",
        tags: [TAGS.inspector],
        security: KEY_OR_SESSION,
        response: { 200: InspectorAnswer, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => {
      const { workspaceId } = callerOf(request);
      const connection = await findInspectorConnection(db, workspaceId);
      return presentInspector(connection, await readSettings(db, workspaceId), now());
    },
  );
}

export function updateInspectorRoute(app: ApiServer, { instance: { db, now }, inspector }: Services): void {
  app.patch(
    PATH,
    {
      config: { requires: "change" },
      schema: {
        operationId: "updateInspector",
        summary: "Choose the inspector's response and the secret it verifies with",
        description: "Takes effect with the next request.",
        tags: [TAGS.inspector],
        security: KEY_OR_SESSION,
        body: InspectorBody,
        response: {
          200: InspectorAnswer,
          ...problems(
            "malformed_json",
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "body_too_large",
            "unsupported_media_type",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const { answer, retry_after_seconds, secret } = request.body;
      const actor = actorOf(request);
      const settings = await updateSettings(inspector, actor, {
        ...(answer === undefined ? {} : { answer }),
        ...(retry_after_seconds === undefined ? {} : { retryAfterSeconds: retry_after_seconds }),
        ...(secret === undefined ? {} : { secret }),
      });
      return presentInspector(await findInspectorConnection(db, actor.workspaceId), settings, now());
    },
  );
}

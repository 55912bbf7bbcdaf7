import { clearInspected, getInspected, listInspected } from "../../../inspector/requests.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf, callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import {
  InspectedRequestAnswer,
  InspectedRequestList,
  presentInspectedDetail,
  presentInspectedList,
} from "../../schemas/inspector.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const PATH = "/api/inspector/requests";

export function listInspectedRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    PATH,
    {
      config: { requires: "read" },
      schema: {
        operationId: "listInspectorRequests",
        summary: "List the inspector's requests, newest first",
        description: "All of them: the newest 50 are kept.",
        tags: [TAGS.inspector],
        security: KEY_OR_SESSION,
        response: { 200: InspectedRequestList, ...problems("unauthenticated", "forbidden") },
      },
    },
    async (request) => presentInspectedList(await listInspected(db, callerOf(request).workspaceId)),
  );
}

export function readInspectedRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    `${PATH}/:id`,
    {
      config: { requires: "read" },
      schema: {
        operationId: "getInspectorRequest",
        summary: "Retrieve a request to the inspector, with headers and body",
        tags: [TAGS.inspector],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: InspectedRequestAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) =>
      presentInspectedDetail(await getInspected(db, callerOf(request).workspaceId, request.params.id)),
  );
}

export function clearInspectedRoute(app: ApiServer, { instance: { db }, inspector }: Services): void {
  app.delete(
    PATH,
    {
      config: { requires: "change" },
      schema: {
        operationId: "clearInspectorRequests",
        summary: "Delete the inspector's requests",
        description: "Deliveries and their attempts are kept. Returns the list afterwards.",
        tags: [TAGS.inspector],
        security: KEY_OR_SESSION,
        response: {
          200: InspectedRequestList,
          ...problems("unauthenticated", "forbidden", "cross_origin"),
        },
      },
    },
    async (request) => {
      const actor = actorOf(request);
      inspector.forget(actor.workspaceId);
      await clearInspected(inspector, actor);
      return presentInspectedList(await listInspected(db, actor.workspaceId));
    },
  );
}

import { findApiKey } from "../../../auth/api-keys.ts";
import { getConnections } from "../../../connections/read.ts";
import { findById } from "../../../history/find-by-id.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { LookupList, type LookupResult, presentFound } from "../../schemas/lookup.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

/** No match is an empty list, not an error: pasting an id asks whether it exists. */
export function lookUpRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/lookup/:id",
    {
      config: { requires: "read" },
      schema: {
        operationId: "lookUp",
        summary: "Look up an id",
        description:
          "Searches events, deliveries, replays, connections and API keys. The list is empty when the workspace has nothing with that id.",
        tags: [TAGS.lookup],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: { 200: LookupList, ...problems("unauthenticated", "forbidden", "invalid_id") },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { workspaceId } = callerOf(request);
      const [found, connections, apiKey] = await Promise.all([
        findById(db, workspaceId, id),
        getConnections(db, workspaceId, [id]),
        findApiKey(db, workspaceId, id),
      ]);
      const data: LookupResult[] = [
        ...found.map((one) => presentFound(id, one)),
        ...connections.map(({ name }) => ({
          type: "connection" as const,
          id,
          title: name,
          path: `/integrations/connections/${id}`,
        })),
        ...(apiKey === null ? [] : [{ type: "api_key" as const, id, title: apiKey.name, path: "/api-keys" }]),
      ];
      return { object: "list" as const, data, has_more: false, next_cursor: null };
    },
  );
}

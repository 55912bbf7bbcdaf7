import { z } from "zod";
import { listEventTypes } from "../../../statistics/read-event-types.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { encodeNameCursor, readNameCursor } from "../../cursor.ts";
import { mayReadType, readableTypes } from "../../event-reader.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { EventTypeList, presentEventType } from "../../schemas/event-type.ts";
import { eventTypePattern, pageQuery, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function listEventTypesRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/event-types",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "listEventTypes",
        summary: "List event types",
        description:
          "By name. A type appears within seconds of its first event, and disappears when all its events have been deleted.",
        tags: [TAGS.events],
        security: KEY_OR_SESSION,
        querystring: z.strictObject({ type: eventTypePattern.optional(), ...pageQuery }),
        response: {
          200: EventTypeList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { type = "*", limit, cursor } = request.query;
      const after = cursor === undefined ? null : readNameCursor("event_types", cursor);
      const caller = callerOf(request);
      const patterns = readableTypes(caller, type === "*" ? null : [type]);
      const { rows, hasMore } = await listEventTypes(db, caller.workspaceId, { patterns, after, limit });
      const last = rows.at(-1);
      return {
        object: "list" as const,
        data: rows.filter((row) => mayReadType(caller, row.type)).map(presentEventType),
        has_more: hasMore,
        next_cursor: hasMore && last !== undefined ? encodeNameCursor("event_types", last.type) : null,
      };
    },
  );
}

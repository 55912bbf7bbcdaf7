import { z } from "zod";
import { EVENT_TYPE_LENGTH_MAX } from "../../../domain/event-type-pattern.ts";
import { listEvents } from "../../../history/read-events.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { EventList, presentEvent } from "../../schemas/event.ts";
import { line, pageQuery, problems, SPARSE_LIST, time } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  type: line({ min: 1, max: EVENT_TYPE_LENGTH_MAX }).optional(),
  accepted_from: time.optional(),
  accepted_before: time.optional(),
  has_failed: z.enum(["true", "false"]).optional(),
  ...pageQuery,
});

export function listEventsRoute(app: ApiServer, { instance: { db } }: Services): void {
  app.get(
    "/api/events",
    {
      config: { requires: "read" },
      schema: {
        operationId: "listEvents",
        summary: "List events, the last accepted first",
        description: SPARSE_LIST,
        tags: [TAGS.events],
        security: KEY_OR_SESSION,
        querystring: Query,
        response: {
          200: EventList,
          ...problems("unauthenticated", "forbidden", "invalid_cursor", "validation_failed"),
        },
      },
    },
    async (request) => {
      const { type, accepted_from, accepted_before, has_failed } = request.query;
      const filter = {
        type: type ?? null,
        acceptedFrom: accepted_from === undefined ? null : Date.parse(accepted_from),
        acceptedBefore: accepted_before === undefined ? null : Date.parse(accepted_before),
        hasFailed: has_failed === undefined ? null : has_failed === "true",
      };
      const pageRequest = readPageRequest("events", request.query);
      const page = await listEvents(db, callerOf(request).workspaceId, filter, pageRequest);
      return presentList("events", page, presentEvent);
    },
  );
}

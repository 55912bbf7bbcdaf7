import { z } from "zod";
import { SHOWN_ORIGINS } from "../../../domain/event.ts";
import { type ListedEvents, listEvents } from "../../../history/list-events.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { presentList, readPageRequest } from "../../cursor.ts";
import { readableEvents, withoutOthers } from "../../event-reader.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { EventList, presentListedEvent, presentSearchedEvents } from "../../schemas/event.ts";
import {
  eventTypePatterns,
  pageQuery,
  problems,
  SPARSE_LIST,
  searchText,
  time,
} from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const Query = z.strictObject({
  type: eventTypePatterns.optional(),
  origin: z.enum(SHOWN_ORIGINS).optional(),
  q: searchText.optional().meta({
    description:
      "Text to look for in `data`, without regard to case. A page looks at a bounded number of events; `searched` says how far",
  }),
  accepted_from: time.optional(),
  accepted_before: time.optional(),
  has_failed: z.enum(["true", "false"]).optional(),
  include: z.literal("data").optional().meta({
    description:
      "Adds `data` and `data_text` to each event. A page ends early, with `has_more`, where its payloads pass 2 MiB",
  }),
  ...pageQuery,
});

const NO_EVENTS: ListedEvents = { rows: [], hasMore: false, searched: null };

export function listEventsRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/events",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "listEvents",
        summary: "List events, the last accepted first",
        description: `${SPARSE_LIST} A key with \`connections\` access reads the events of applications that it may subscribe to; their deliveries are not counted for it (\`is_exact\` is false), and it may not filter by them.`,
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
      const { type, origin, q, accepted_from, accepted_before, has_failed, include } = request.query;
      const caller = callerOf(request);
      const requested = {
        types: type === undefined || type.includes("*") ? null : type,
        origin: origin ?? null,
        acceptedFrom: accepted_from === undefined ? null : Date.parse(accepted_from),
        acceptedBefore: accepted_before === undefined ? null : Date.parse(accepted_before),
        text: q ?? null,
        hasFailed: has_failed === undefined ? null : has_failed === "true",
      };
      const pageRequest = readPageRequest("events", request.query);
      const filter = readableEvents(caller, requested);
      const page =
        filter.types?.length === 0
          ? NO_EVENTS
          : await listEvents(deliveries, caller.workspaceId, filter, pageRequest, include === "data");
      const list = presentList("events", page, (event) => presentListedEvent(withoutOthers(caller, event)));
      return { ...list, searched: presentSearchedEvents(page.searched) };
    },
  );
}

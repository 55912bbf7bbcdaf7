import { getEvent } from "../../../history/get-event.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { asReadBy } from "../../event-reader.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { shownNow } from "../../schemas/delivery.ts";
import { EventDetailAnswer, presentEventDetail } from "../../schemas/event.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

export function readEventRoute(app: ApiServer, { deliveries }: Services): void {
  app.get(
    "/api/events/:id",
    {
      config: { requires: "read", keepsToOwn: "itself" },
      schema: {
        operationId: "getEvent",
        summary: "Retrieve an event with its deliveries",
        description:
          "A key with `connections` access reads the events of applications that it may subscribe to. It sees no deliveries: there are none in the response, and `is_exact` and `not_delivered_is_complete` are false.",
        tags: [TAGS.events],
        security: KEY_OR_SESSION,
        params: IdParams,
        response: {
          200: EventDetailAnswer,
          ...problems("unauthenticated", "forbidden", "invalid_id", "not_found"),
        },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const event = asReadBy(caller, await getEvent(deliveries, caller.workspaceId, request.params.id));
      return presentEventDetail(event, await shownNow(deliveries, event.deliveries));
    },
  );
}

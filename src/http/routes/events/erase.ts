import { z } from "zod";
import { eraseEvent } from "../../../history/erase-event.ts";
import type { ApiServer } from "../../api-server.ts";
import { actorOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { shownNow } from "../../schemas/delivery.ts";
import { EventDetailAnswer, presentEventDetail } from "../../schemas/event.ts";
import { IdParams, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const DESCRIPTION = `Deletes the payload of an event from the database for good, with every copy of it: the requests and
responses of attempts, and the requests in the inspector. The event, its deliveries and their statuses stay. While deliveries are pending,
the call fails, unless \`cancel_pending=true\` cancels them. A request that is being sent right now still reaches its receiver.
Erasing again changes nothing. The erasure is recorded in the audit log.`;

export function eraseEventRoute(app: ApiServer, { deliveries }: Services): void {
  app.delete(
    "/api/events/:id/data",
    {
      config: { requires: "change" },
      schema: {
        operationId: "eraseEventData",
        summary: "Erase the payload of an event",
        description: DESCRIPTION.replaceAll("\n", " "),
        tags: [TAGS.events],
        security: KEY_OR_SESSION,
        params: IdParams,
        querystring: z.strictObject({ cancel_pending: z.enum(["true", "false"]).optional() }),
        response: {
          200: EventDetailAnswer,
          ...problems(
            "unauthenticated",
            "forbidden",
            "cross_origin",
            "invalid_id",
            "not_found",
            "delivery_state",
            "validation_failed",
          ),
        },
      },
    },
    async (request) => {
      const cancelsPending = request.query.cancel_pending === "true";
      const event = await eraseEvent(deliveries, actorOf(request), request.params.id, cancelsPending);
      return presentEventDetail(event, await shownNow(deliveries, event.deliveries));
    },
  );
}

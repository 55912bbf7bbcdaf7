import { Readable } from "node:stream";
import { z } from "zod";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import { givenId, problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const ID_LENGTH_MAX = 100;

const Query = z.strictObject({
  connection_id: givenId.optional().meta({ description: "Only this connection and its deliveries" }),
  delivery_id: givenId.optional().meta({ description: "Only this delivery" }),
  last_event_id: z.string().max(ID_LENGTH_MAX).optional().meta({
    description:
      "The `id` of the last event received. The header `Last-Event-ID`, which browsers set, wins over it",
  }),
});

/** Schemas of the events' data, by kind. OpenAPI 3.1 has no keyword for them. */
const EventStream = z.string().meta({
  "x-event-data": {
    delivery: { $ref: "#/components/schemas/Delivery" },
    event: { $ref: "#/components/schemas/Event" },
    connection: { $ref: "#/components/schemas/Connection" },
    replay: { $ref: "#/components/schemas/Replay" },
    inspector_request: { $ref: "#/components/schemas/InspectedRequest" },
    attempt: { $ref: "#/components/schemas/LiveAttempt" },
  },
});

const DESCRIPTION = `Server-sent events (WHATWG HTML, 9.2): \`delivery\`, \`event\`, \`connection\`, \`replay\` and \`inspector_request\` carry the
object as lists show it, in its state at the time of sending; an object that changes often is sent at most a few times per second. Each has
an \`id\`. \`attempt\` has none: it reports the stage of an attempt in progress, to streams filtered by its delivery, and for a test to
streams filtered by its connection. A client that reconnects with the last id as \`Last-Event-ID\` continues after it. \`reset\` means that
changes may be missing: reload the data you show. It is sent when the id is too old or from another process, and when there are more
changes than a stream can carry. A comment is sent every 15 seconds. The stream ends when its credentials are no longer valid.`;

export function streamRoute(app: ApiServer, { streams }: Services): void {
  // Runs before the server waits for requests to end, since streams never would.
  app.addHook("preClose", async () => streams.close());
  app.get(
    "/api/stream",
    {
      config: { requires: "read" },
      schema: {
        operationId: "stream",
        summary: "Follow changes as they happen",
        description: DESCRIPTION.replaceAll("\n", " "),
        tags: [TAGS.deliveries],
        security: KEY_OR_SESSION,
        querystring: Query,
        response: {
          200: { description: "The stream", content: { "text/event-stream": { schema: EventStream } } },
          ...problems("unauthenticated", "forbidden", "validation_failed"),
        },
      },
    },
    async (request, reply) => {
      const { connection_id, delivery_id, last_event_id } = request.query;
      const filter = { connectionId: connection_id ?? null, deliveryId: delivery_id ?? null };
      const sent = request.headers["last-event-id"];
      const lastId = (typeof sent === "string" && sent) || last_event_id || null;
      // A HEAD request must not open a stream.
      const isRead = request.method !== "HEAD";
      const readable = isRead ? streams.open(callerOf(request), { filter, lastId }) : Readable.from([]);
      reply.type("text/event-stream");
      // Keeps proxies such as nginx from buffering the response.
      reply.header("x-accel-buffering", "no");
      // A keep-alive connection would delay the server's shutdown.
      reply.header("connection", "close");
      // Typed as the schema's text; it is streamed.
      return readable as unknown as string;
    },
  );
}

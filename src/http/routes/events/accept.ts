import type { IncomingHttpHeaders } from "node:http";
import type { FastifyReply, FastifyRequest, FastifySchemaCompiler } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { Identity } from "../../../auth/identity.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import { createEventFilter } from "../../../domain/event-filter.ts";
import { EVENT_BYTES_MAX, type NewEvent, readEvent, readEventBatch } from "../../../domain/read-event.ts";
import { parseTraceContext, writeTraceContext } from "../../../domain/trace-context.ts";
import type { Accepted } from "../../../ingest/accept-events.ts";
import type { ApiServer } from "../../api-server.ts";
import { callerOf } from "../../authenticate.ts";
import { markReplayed, readIdempotentRequest } from "../../idempotency.ts";
import { KEY_OR_SESSION, TAGS } from "../../openapi.ts";
import {
  AcceptedEventAnswer,
  AcceptedEventsAnswer,
  EventBody,
  EventsBody,
  presentAcceptedEvent,
} from "../../schemas/event.ts";
import { problems } from "../../schemas/shared.ts";
import type { Services } from "../../services.ts";

const BATCH_BYTES_MAX = 8 * 1024 * 1024;

const failures = problems(
  "malformed_json",
  "unauthenticated",
  "forbidden",
  "cross_origin",
  "event_id_reused",
  "body_too_large",
  "unsupported_media_type",
  "validation_failed",
);

/**
 * Skips work that every event would pay for and no one needs: the body is parsed from its text, so that numbers and
 * white space stay unchanged; without an idempotency key there is no header to validate; and the response is built
 * here, field by field.
 */
const UNCHECKED = {
  validatorCompiler: ((route) => {
    if (route.httpPart === "body") return (body: unknown) => ({ value: body });
    const validate = validatorCompiler({ ...route, schema: route.schema as z.ZodType });
    if (route.httpPart !== "headers") return validate;
    return (headers: IncomingHttpHeaders) =>
      headers["idempotency-key"] === undefined ? { value: headers } : validate(headers);
  }) satisfies FastifySchemaCompiler<unknown>,
  serializerCompiler: () => (data: unknown) => JSON.stringify(data),
} as const;

export function acceptEventRoute(app: ApiServer, services: Services): void {
  app.post(
    "/api/events",
    {
      config: { requires: "send", readsRawBody: true, honorsIdempotencyKey: true },
      bodyLimit: EVENT_BYTES_MAX,
      ...UNCHECKED,
      schema: {
        operationId: "createEvent",
        summary: "Accept an event",
        description:
          "The response comes once the event and its deliveries are committed. A key with sending access is enough.",
        tags: [TAGS.events],
        security: KEY_OR_SESSION,
        body: EventBody,
        response: { 202: AcceptedEventAnswer, ...failures },
      },
    },
    async (request, reply) => {
      const now = services.instance.now();
      const { longBody, rawBody } = request;
      const event = longBody === null ? [readEvent(rawBody, now)] : await longBody.read("one", now);
      const { events } = await accept(services, request, reply, event);
      const [accepted] = events.map(presentAcceptedEvent);
      if (accepted === undefined) throw new Error("an accepted event has no response");
      return reply.code(202).send({ object: "event" as const, data: accepted });
    },
  );
}

export function acceptEventsRoute(app: ApiServer, services: Services): void {
  app.post(
    "/api/events/batch",
    {
      config: { requires: "send", readsRawBody: true, honorsIdempotencyKey: true },
      bodyLimit: BATCH_BYTES_MAX,
      ...UNCHECKED,
      schema: {
        operationId: "createEvents",
        summary: "Accept up to 1,000 events",
        description:
          "All events or none are stored, in one commit. Reading ends at the first event that exceeds a limit: `errors` names its index, and does not mention later events.",
        tags: [TAGS.events],
        security: KEY_OR_SESSION,
        body: EventsBody,
        response: { 202: AcceptedEventsAnswer, ...failures },
      },
    },
    async (request, reply) => {
      const now = services.instance.now();
      const { longBody, rawBody } = request;
      const batch = longBody === null ? readEventBatch(rawBody, now) : await longBody.read("batch", now);
      const { events } = await accept(services, request, reply, batch);
      return reply.code(202).send({ object: "list" as const, data: events.map(presentAcceptedEvent) });
    },
  );
}

async function accept(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  events: readonly NewEvent[],
): Promise<Accepted> {
  const caller = callerOf(request);
  requireSendable(caller, events);
  const { workspaceId } = caller;
  const idempotency = readIdempotentRequest(services.instance, request);
  const trace = readTrace(request);
  const traceContext = trace === null ? null : writeTraceContext(trace);
  const accepted = await services.acceptor.accept({ workspaceId, events, idempotency, traceContext });
  if (accepted.replayed) markReplayed(reply);
  return accepted;
}

/** @throws {OpenSendError} `forbidden` when the caller is a key for other event types. */
function requireSendable(caller: Identity, events: readonly NewEvent[]): void {
  if (caller.kind === "user" || caller.eventTypes === null) return;
  const isAllowed = createEventFilter(caller.eventTypes);
  const refused = events.find(({ type }) => !isAllowed(type));
  if (refused === undefined) return;
  throw new OpenSendError(
    "forbidden",
    `This key may send events of ${caller.eventTypes.join(", ")} only, not ${refused.type}. Nothing was stored. Use another key.`,
  );
}

/** Passed on with the event, so that the receiver's work appears in the sender's trace. */
function readTrace({ headers }: FastifyRequest) {
  return parseTraceContext({ traceparent: headers["traceparent"], tracestate: headers["tracestate"] });
}

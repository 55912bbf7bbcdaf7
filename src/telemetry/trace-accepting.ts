import { type Attributes, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { OpenSendError } from "../domain/errors.ts";
import type { Accepted, AcceptRequest } from "../ingest/accept-events.ts";
import { parentContext, storedContext } from "./parent-context.ts";
import type { Accepting } from "./tracing.ts";

/**
 * A span for each request, until its events are committed. Events without a trace are stored with this span's, so that
 * their attempts, and the receivers' work, join it; a sender's own trace context is passed on unchanged.
 */
export function traceAccepting(tracer: Tracer, acceptor: Accepting): Accepting {
  return {
    idle: () => acceptor.idle(),
    accept: async (request) => {
      const span = tracer.startSpan(
        "accept",
        { kind: SpanKind.SERVER, attributes: describeRequest(request) },
        parentContext(request.traceContext),
      );
      const traceContext = request.traceContext ?? storedContext(span.spanContext());
      try {
        const accepted = await acceptor.accept({ ...request, traceContext });
        span.setAttributes(describeAccepted(accepted));
        return accepted;
      } catch (error) {
        span.setAttribute("error.type", error instanceof OpenSendError ? error.code : "internal");
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

function describeRequest({ workspaceId, events }: AcceptRequest): Attributes {
  return { "opensend.workspace_id": workspaceId, "opensend.events": events.length };
}

/** Describes a batch by its numbers, since a thousand ids would be a thousand times the size of the span. */
function describeAccepted({ events, replayed }: Accepted): Attributes {
  const [first, ...others] = events;
  return {
    "opensend.replayed": replayed,
    "opensend.deliveries": events.reduce((sum, { deliveries }) => sum + deliveries, 0),
    ...(first === undefined || others.length > 0
      ? {}
      : { "opensend.event_id": first.id, "opensend.event_type": first.type }),
  };
}

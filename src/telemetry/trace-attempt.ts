import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { AttemptTrace } from "../dispatch/attempt-trace.ts";
import type { DueDelivery } from "../dispatch/due-delivery.ts";
import type { Recorded } from "../dispatch/recorder.ts";
import type { Outcome } from "../domain/outcome.ts";
import { parentContext } from "./parent-context.ts";

/** A span for the attempt, in its event's trace, with a child span for each step: sign, send, record. */
export function traceAttempt(tracer: Tracer, delivery: DueDelivery): AttemptTrace {
  const parent = parentContext(delivery.event.traceContext);
  const whole = tracer.startSpan("deliver", { attributes: describeDelivery(delivery) }, parent);
  const context = trace.setSpan(parent, whole);
  const start = (name: string, kind: SpanKind): Span => tracer.startSpan(name, { kind }, context);
  let step = start("sign", SpanKind.INTERNAL);
  const next = (name: string, kind: SpanKind) => {
    step.end();
    step = start(name, kind);
  };
  return {
    signed: () => next("send", SpanKind.CLIENT),
    ended: (outcome) => {
      describeOutcome(step, outcome);
      next("record", SpanKind.INTERNAL);
    },
    recorded: (recorded) => {
      if (recorded === null) step.setStatus({ code: SpanStatusCode.ERROR });
      step.end();
      describeResult(whole, recorded);
      whole.end();
    },
  };
}

/** Ids only, never the destination, since the URL of a webhook is a credential. */
function describeDelivery({ id, connection, event, trigger, attemptNumber }: DueDelivery): Attributes {
  return {
    "opensend.workspace_id": connection.workspaceId,
    "opensend.connection_id": connection.id,
    "opensend.delivery_id": id,
    "opensend.event_id": event.id,
    "opensend.event_type": event.type,
    "opensend.attempt": attemptNumber,
    "opensend.trigger": trigger,
  };
}

function describeOutcome(span: Span, outcome: Outcome): void {
  if (outcome.kind === "response") span.setAttribute("http.response.status_code", outcome.response.status);
  else {
    span.setAttribute("error.type", outcome.failure.code);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}

function describeResult(span: Span, recorded: Recorded | null): void {
  if (recorded === null) {
    span.setAttribute("error.type", "not_recorded");
    span.setStatus({ code: SpanStatusCode.ERROR });
    return;
  }
  const { attempt, next } = recorded;
  span.setAttribute("opensend.result", next.status === "pending" ? "retry" : next.status);
  if (attempt.error === null) return;
  span.setAttribute("error.type", attempt.error.code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

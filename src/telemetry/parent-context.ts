import { type Context, createTraceState, ROOT_CONTEXT, type SpanContext, trace } from "@opentelemetry/api";
import { readTraceContext, writeTraceContext } from "../domain/trace-context.ts";

/** The span named by a stored trace context, as the parent of new ones; null begins a new trace. */
export function parentContext(stored: string | null): Context {
  if (stored === null) return ROOT_CONTEXT;
  const { traceparent, tracestate } = readTraceContext(stored);
  const [, traceId = "", spanId = "", flags = ""] = traceparent.split("-");
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(tracestate === null ? {} : { traceState: createTraceState(tracestate) }),
  });
}

/** The text form of a span that is stored with its events. */
export function storedContext({ traceId, spanId, traceFlags }: SpanContext): string {
  const flags = traceFlags.toString(16).padStart(2, "0");
  return writeTraceContext({ traceparent: `00-${traceId}-${spanId}-${flags}`, tracestate: null });
}

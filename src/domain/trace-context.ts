/** A request's place in its caller's trace (W3C Trace Context, level 1), as received. */
export type TraceContext = { readonly traceparent: string; readonly tracestate: string | null };

/** Section 3.2: version `ff` is not allowed; later versions may add fields. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]*)?$/;
const TRACEPARENT_LENGTH_MAX = 255;
/** Section 3.3: visible characters, spaces and tabs; at least 512 characters must be passed on. */
const TRACESTATE = /^[\x20-\x7e\t]{1,512}$/;

/**
 * The trace context in a request's headers; null when there is nothing valid. An invalid `traceparent` is ignored
 * together with its `tracestate`, and an invalid `tracestate` alone (sections 3.2.2.3 and 3.3.1).
 */
export function parseTraceContext(headers: {
  readonly traceparent?: string | readonly string[] | undefined;
  readonly tracestate?: string | readonly string[] | undefined;
}): TraceContext | null {
  const { traceparent } = headers;
  if (typeof traceparent !== "string" || traceparent.length > TRACEPARENT_LENGTH_MAX) return null;
  if (!TRACEPARENT.test(traceparent)) return null;
  const tracestate = typeof headers.tracestate === "string" ? headers.tracestate.trim() : "";
  return { traceparent, tracestate: TRACESTATE.test(tracestate) ? tracestate : null };
}

/** One text for storage, with one header per line. */
export function writeTraceContext({ traceparent, tracestate }: TraceContext): string {
  return tracestate === null ? traceparent : `${traceparent}\n${tracestate}`;
}

export function readTraceContext(text: string): TraceContext {
  const [traceparent = "", tracestate = null] = text.split("\n");
  return { traceparent, tracestate };
}

export function traceHeaders({ traceparent, tracestate }: TraceContext): Record<string, string> {
  return tracestate === null ? { traceparent } : { traceparent, tracestate };
}

import { buildRequest } from "../../connectors/webhook/build-request.ts";
import { serializeEvent } from "../../domain/event.ts";
import { VERSION } from "../../version.ts";

/** The default timeout of a connection. */
const TIMEOUT_MS = 15_000;
const SHOWN_BODY_LENGTH = 500;

export type ForwardedEvent = {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly data_text: string;
};

/** The result of a request to the app on this machine. */
export type Forwarded = {
  readonly status: number | null;
  readonly durationMs: number;
  /** Why there is no response, or else null. */
  readonly error: string | null;
  /** The beginning of the response's body. */
  readonly body: string;
};

/** Posts an event as a delivery would: the same bytes, headers and signatures. */
export async function forwardEvent(
  target: URL,
  secret: string,
  event: ForwardedEvent,
  stop: AbortSignal,
): Promise<Forwarded> {
  const startedAt = performance.now();
  const createdAt = Date.parse(event.created_at);
  const request = buildRequest({
    credentials: { webhookUrl: target.href, signingSecret: secret },
    eventId: event.id,
    body: serializeEvent({ type: event.type, createdAt, dataJson: event.data_text }),
    timestampSeconds: Math.floor(Date.now() / 1000),
    version: VERSION,
    traceContext: null,
  });
  const ended = (result: Pick<Forwarded, "status" | "error" | "body">): Forwarded => ({
    ...result,
    durationMs: Math.round(performance.now() - startedAt),
  });
  try {
    const { method, headers, body } = request;
    const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), stop]);
    const response = await fetch(request.url, { method, headers, body, redirect: "manual", signal });
    const text = await response.text();
    return ended({ status: response.status, error: null, body: text.slice(0, SHOWN_BODY_LENGTH) });
  } catch (error) {
    return ended({ status: null, error: describe(error), body: "" });
  }
}

function describe(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === "TimeoutError") return `no response within ${TIMEOUT_MS / 1000} s`;
  if (name === "AbortError") return "stopped";
  const { code, message = "unknown error" } = (cause ?? error) as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return "nothing listens there (ECONNREFUSED)";
  return code ?? message;
}

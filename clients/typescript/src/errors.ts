import type { AcceptedEvent, ErrorCode } from "./api.generated.ts";
import type { IdentifiedEvent } from "./new-event.ts";

/** The base class of all errors of calls, except those caused by the caller's own AbortSignal. */
export class OpenSendError extends Error {
  override readonly name: string = "OpenSendError";
}

/** The body of an error response (RFC 9457). */
export type Problem = {
  readonly code?: ErrorCode;
  readonly title?: string;
  readonly detail?: string;
  readonly type?: string;
  readonly request_id?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

/** The server refused the call, or failed. `code` says why; each code has a page at `type`. */
export class ApiError extends OpenSendError {
  override readonly name = "ApiError";
  readonly status: number;
  /** Null if the response is not from OpenSend, such as a proxy's error page. */
  readonly code: ErrorCode | null;
  readonly detail: string;
  /** URL of the error's documentation. */
  readonly type: string | null;
  /** Find the reason in the server's log by this id. */
  readonly requestId: string | null;
  /** The server's Retry-After, in seconds. */
  readonly retryAfter: number | null;
  /** The path and the fault of each invalid field. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, problem: Problem, retryAfter: number | null) {
    const code = problem.code ?? null;
    const detail = problem.detail ?? `The response has status ${status} and is not from OpenSend.`;
    super(`${code ?? status}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.type = problem.type ?? null;
    this.requestId = problem.request_id ?? null;
    this.retryAfter = retryAfter;
    this.errors = problem.errors ?? [];
  }

  /** Whether an error is an ApiError, and has one of these codes if any are given. */
  static is(error: unknown, ...codes: readonly ErrorCode[]): error is ApiError {
    return (
      error instanceof ApiError && (codes.length === 0 || (error.code !== null && codes.includes(error.code)))
    );
  }
}

/** The server could not be reached, or the connection ended before the response was complete. */
export class NetworkError extends OpenSendError {
  override readonly name = "NetworkError";
}

/** No complete response in time. The server may have handled the call. */
export class TimeoutError extends OpenSendError {
  override readonly name = "TimeoutError";
}

/**
 * Not all events of `sendBatch` were accepted. Sending `remaining` again is safe: its events have ids, so none is
 * accepted twice.
 */
export class BatchError extends OpenSendError {
  override readonly name = "BatchError";
  readonly accepted: readonly AcceptedEvent[];
  readonly remaining: readonly IdentifiedEvent[];
  override readonly cause: OpenSendError;

  constructor(
    accepted: readonly AcceptedEvent[],
    remaining: readonly IdentifiedEvent[],
    cause: OpenSendError,
  ) {
    const total = accepted.length + remaining.length;
    super(`${accepted.length} of ${total} events were accepted. ${cause.message}`);
    this.accepted = accepted;
    this.remaining = remaining;
    this.cause = cause;
  }
}

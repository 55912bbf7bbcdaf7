import type { AcceptedEvent, ErrorCode } from "./api.generated.ts";
import type { IdentifiedEvent } from "./new-event.ts";

/** Every error that a call ends in, except one that the caller's own AbortSignal causes. */
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
  /** Null when the response is not one of OpenSend, such as an error page of a proxy. */
  readonly code: ErrorCode | null;
  readonly detail: string;
  /** Documentation of the error. */
  readonly type: string | null;
  /** The server's log has the reason under this id. */
  readonly requestId: string | null;
  /** How long the server asked to wait, in seconds. */
  readonly retryAfter: number | null;
  /** Invalid fields: their paths, and what is wrong with each. */
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
 * Not all events of `sendBatch` were accepted. Sending `remaining` again is safe: these have their ids, so none is accepted
 * twice.
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

export type FieldProblem = { readonly path: string; readonly message: string };

/** A failed call, described in words that a person can act on (RFC 9457, as the server sends it). */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;

  constructor(options: {
    message: string;
    status: number;
    code: string;
    fields?: readonly FieldProblem[];
    retryAfterSeconds?: number | null;
    requestId?: string | null;
  }) {
    super(options.message);
    this.status = options.status;
    this.code = options.code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.requestId = options.requestId ?? null;
  }
}

const UNREACHABLE = "OpenSend is not responding. Check that the server is running, then try again.";
const UNREADABLE =
  "A proxy between this page and OpenSend responded instead. Check the proxy, then try again.";

/** The request got no response: the server has stopped, or the network is down. */
export function unreachable(): Problem {
  return new Problem({ message: UNREACHABLE, status: 0, code: "unreachable" });
}

/** Reads the problem from an error response. A body that is not OpenSend's, such as a proxy's page, is not shown. */
export function problemOf(response: Response, body: unknown): Problem {
  const retryAfter = Number(response.headers.get("retry-after"));
  const isProblemBody =
    isRecord(body) && typeof body["code"] === "string" && typeof body["detail"] === "string";
  return new Problem({
    message: isProblemBody ? String(body["detail"]) : UNREADABLE,
    status: response.status,
    code: isProblemBody ? String(body["code"]) : "unreadable_response",
    fields: isProblemBody && Array.isArray(body["errors"]) ? body["errors"].filter(isFieldProblem) : [],
    retryAfterSeconds: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
    requestId: isProblemBody && typeof body["request_id"] === "string" ? body["request_id"] : null,
  });
}

/** The problem to show for anything thrown. Anything but a `Problem` is a fault of the dashboard. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  return new Problem({
    message: "The dashboard could not handle this. Reload the page and try again.",
    status: 0,
    code: "dashboard_fault",
  });
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value["path"] === "string" && typeof value["message"] === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

import type { Receiver } from "../../src/domain/diagnostics/detect-receiver.ts";
import type { Outcome, ReceivedResponse, SendFailure, Timings } from "../../src/domain/outcome.ts";
import type { SeededRandom } from "./random.ts";

/** The ways in which receivers fail. */
export const TROUBLE_KINDS = [
  "unauthorized",
  "n8n_inactive",
  "unavailable",
  "timeout",
  "tls_expired",
  "dns_not_found",
  "connection_refused",
  "server_error",
  "bad_gateway",
  "rate_limited",
  "unprocessable",
  "gone",
] as const;
export type TroubleKind = (typeof TROUBLE_KINDS)[number];

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
const HTML_TYPE = { "content-type": "text/html" };

type WholeResponse = Omit<ReceivedResponse, "truncated">;

function nginx(status: number, statusText: string): WholeResponse {
  const title = `${status} ${statusText}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.27.2</center>\r\n</body>\r\n</html>\r\n`;
  return { status, statusText, headers: { server: "nginx/1.27.2", ...HTML_TYPE }, body };
}

/** Responses of failing receivers, in their own words. */
const FAILED_RESPONSES: Readonly<Partial<Record<TroubleKind, (random: SeededRandom) => WholeResponse>>> = {
  unauthorized: (random) => ({
    status: 401,
    statusText: "Unauthorized",
    headers: { ...JSON_TYPE, "www-authenticate": 'Bearer realm="api"', "x-request-id": random.hex(16) },
    body: '{"error":"unauthorized","message":"The access token was revoked on rotation. Request a new one."}',
  }),
  n8n_inactive: () => ({
    status: 404,
    statusText: "Not Found",
    headers: JSON_TYPE,
    body: '{"code":404,"message":"The requested webhook \\"POST orders\\" is not registered.","hint":"The workflow must be active for a production URL to run successfully. You can activate the workflow using the toggle in the top-right of the editor."}',
  }),
  unavailable: () => nginx(503, "Service Temporarily Unavailable"),
  bad_gateway: () => nginx(502, "Bad Gateway"),
  server_error: (random) => ({
    status: 500,
    statusText: "Internal Server Error",
    headers: { ...JSON_TYPE, "x-request-id": random.hex(16) },
    body: `{"error":"internal_error","message":"deadlock detected while updating ledger_entries","trace_id":"${random.hex(12)}"}`,
  }),
  rate_limited: (random) => ({
    status: 429,
    statusText: "Too Many Requests",
    headers: { ...JSON_TYPE, "retry-after": String(30 * random.int(1, 6)), "x-ratelimit-remaining": "0" },
    body: '{"ok":false,"error":"rate_limited"}',
  }),
  unprocessable: (random) => ({
    status: 422,
    statusText: "Unprocessable Entity",
    headers: { ...JSON_TYPE, "x-request-id": random.hex(16) },
    body: '{"errors":[{"path":"customer.vat_id","message":"is required for business customers"}]}',
  }),
  gone: () => ({
    status: 410,
    statusText: "Gone",
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: "There is no scenario listening for this webhook.",
  }),
};

/** Failures before there is a response, with their stage and duration. */
const FAILURES: Readonly<Partial<Record<TroubleKind, SendFailure & { readonly durationMs: number }>>> = {
  timeout: { code: "timeout", stage: "first_byte", durationMs: 15_000 },
  tls_expired: { code: "tls_expired", stage: "tls", durationMs: 64 },
  dns_not_found: { code: "dns_not_found", stage: "dns", durationMs: 21 },
  connection_refused: { code: "connection_refused", stage: "connect", durationMs: 18 },
};

/** The receiver asks for an unusually long pause, so later deliveries wait for its end. */
export const PAUSE_SECONDS = 3600;

/** The outcome of a failed attempt. `durationMs` is the receiver's usual response time. */
export function failedOutcome(
  kind: TroubleKind,
  { hasLongPause, durationMs }: { readonly hasLongPause: boolean; readonly durationMs: number },
  random: SeededRandom,
): Outcome {
  const failing = FAILURES[kind];
  if (failing !== undefined) {
    const { durationMs: medianMs, ...failure } = failing;
    const totalMs =
      kind === "timeout" ? medianMs + random.int(1, 9) : Math.round(random.around(medianMs, 0.3));
    return { kind: "failure", failure, timings: timingsUpTo(failure.stage, totalMs) };
  }
  const response = FAILED_RESPONSES[kind]?.(random);
  if (response === undefined) throw new Error(`nothing is known of ${kind}`);
  const headers = hasLongPause
    ? { ...response.headers, "retry-after": String(PAUSE_SECONDS) }
    : response.headers;
  return responseOutcome({ ...response, headers, truncated: false }, durationMs, random);
}

const ACCEPTED_RESPONSES: Readonly<Partial<Record<Receiver, (random: SeededRandom) => WholeResponse>>> = {
  zapier: (random) => ({
    status: 200,
    statusText: "OK",
    headers: JSON_TYPE,
    body: `{"attempt":"${random.hex(8)}-${random.hex(12)}","id":"${random.hex(12)}","status":"success"}`,
  }),
  make: () => ({
    status: 200,
    statusText: "OK",
    headers: { "content-type": "text/plain" },
    body: "Accepted",
  }),
  n8n: () => ({
    status: 200,
    statusText: "OK",
    headers: JSON_TYPE,
    body: '{"message":"Workflow was started"}',
  }),
  slack: () => ({ status: 200, statusText: "OK", headers: { "content-type": "text/html" }, body: "ok" }),
  discord: () => ({ status: 204, statusText: "No Content", headers: {}, body: "" }),
};

const OTHER_ACCEPTED = (random: SeededRandom): WholeResponse => ({
  status: 202,
  statusText: "Accepted",
  headers: { ...JSON_TYPE, "x-request-id": random.hex(16) },
  body: '{"received":true}',
});

export function deliveredOutcome(receiver: Receiver, durationMs: number, random: SeededRandom): Outcome {
  const response = (ACCEPTED_RESPONSES[receiver] ?? OTHER_ACCEPTED)(random);
  return responseOutcome({ ...response, truncated: false }, durationMs, random);
}

const REUSED_SHARE = 0.7;

/** Most requests use a pooled socket, and spend no time on opening it. */
function responseOutcome(response: ReceivedResponse, totalMs: number, random: SeededRandom): Outcome {
  const total = Math.max(2, Math.round(totalMs));
  const isReused = random.chance(REUSED_SHARE);
  const share = (part: number) => (isReused ? null : Math.round(total * part));
  const timings: Timings = {
    dns: share(0.05),
    connect: share(0.1),
    tls: share(0.2),
    sent: 0,
    first_byte: Math.round(total * (isReused ? 0.95 : 0.6)),
    total,
  };
  return { kind: "response", response, timings };
}

function timingsUpTo(stage: SendFailure["stage"], total: number): Timings {
  const none: Timings = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total };
  switch (stage) {
    case "dns":
      return { ...none, dns: total };
    case "connect":
      return { ...none, dns: 4, connect: total - 4 };
    case "tls":
      return { ...none, dns: 4, connect: 12, tls: total - 16 };
    default:
      return { ...none, dns: 4, connect: 12, tls: 30, sent: 0, first_byte: total - 46 };
  }
}

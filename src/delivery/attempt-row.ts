import type { BulkRow } from "../store/hot-statements.ts";
import type { Judged } from "./judge.ts";

export const ATTEMPT_COLUMNS = {
  id: "text",
  delivery_id: "text",
  number: "bigint",
  trigger_kind: "text",
  started_at: "bigint",
  duration_ms: "bigint",
  timings: "text",
  request_headers: "text",
  response_status: "bigint",
  response_status_text: "text",
  response_headers: "text",
  response_body: "text",
  response_truncated: "bigint",
  error_code: "text",
  error_message: "text",
  explanation: "text",
} as const;

export function attemptRow({ id, finished, attempt }: Judged): BulkRow {
  const { claimed, signed } = finished;
  const response = attempt.outcome.kind === "response" ? attempt.outcome.response : null;
  return [
    id,
    claimed.id,
    claimed.attemptNumber,
    claimed.trigger,
    signed.startedAt,
    attempt.durationMs,
    JSON.stringify(attempt.timings),
    JSON.stringify(attempt.request.headers),
    response?.status ?? null,
    response === null ? null : storable(response.statusText),
    response === null ? null : storable(JSON.stringify(response.headers)),
    response === null ? null : storable(response.body),
    response?.truncated === true ? 1 : 0,
    attempt.error?.code ?? null,
    attempt.error === null ? null : storable(attempt.error.message),
    storable(JSON.stringify(attempt.explanation)),
  ];
}

/** PostgreSQL's text holds no NUL; receivers may answer with one. */
function storable(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\u2400") : text;
}

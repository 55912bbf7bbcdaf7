import type { BulkRow } from "../db/hot-statements.ts";
import { packExplanation, packHeaders, packTimings } from "../history/attempt-columns.ts";
import type { Judged } from "./judge.ts";

export const ATTEMPT_COLUMNS = {
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

export function attemptRow({ finished, attempt }: Judged): BulkRow {
  const { delivery, signed } = finished;
  const response = attempt.outcome.kind === "response" ? attempt.outcome.response : null;
  return [
    delivery.id,
    delivery.attemptNumber,
    delivery.trigger,
    signed.startedAt,
    attempt.durationMs,
    packTimings(attempt.timings),
    packHeaders(attempt.request.headers, delivery.event.id),
    response?.status ?? null,
    response === null ? null : storable(response.statusText),
    response === null ? null : storable(JSON.stringify(response.headers)),
    response === null ? null : storable(response.body),
    response?.truncated === true ? 1 : 0,
    attempt.error?.code ?? null,
    attempt.error === null ? null : storable(attempt.error.message),
    storable(packExplanation(attempt.explanation, delivery.connection.endpoint.receiver)),
  ];
}

/** PostgreSQL cannot store NUL in text; a receiver's response can contain it. */
function storable(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\u2400") : text;
}

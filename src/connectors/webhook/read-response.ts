import { describeSendFailure } from "../../domain/diagnostics/describe-send-failure.ts";
import { isSuccess, type Outcome } from "../../domain/outcome.ts";
import { parseRetryAfter } from "../../domain/retry-after.ts";
import type { Reading } from "../contract.ts";

/** A 2xx is success; every other response and every failure before a response is not. */
export function readResponse(outcome: Outcome, now: number): Reading {
  if (outcome.kind === "failure") {
    const { failure } = outcome;
    return {
      ok: false,
      error: { code: failure.code, message: describeSendFailure(failure) },
      retryAfterSeconds: null,
    };
  }
  if (isSuccess(outcome)) return { ok: true, error: null, retryAfterSeconds: null };
  const { status, statusText, headers } = outcome.response;
  const redirected = status >= 300 && status < 400;
  return {
    ok: false,
    error: redirected
      ? { code: "redirect", message: `The receiver redirected (${status}). Redirects are not followed.` }
      : { code: "http_status", message: `The receiver responded with ${`${status} ${statusText}`.trim()}.` },
    retryAfterSeconds: parseRetryAfter(headers["retry-after"], now),
  };
}

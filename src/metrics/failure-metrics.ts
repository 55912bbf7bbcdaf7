import { Counter, type Registry } from "prom-client";
import { SEND_FAILURE_CODES } from "../domain/outcome.ts";

type Failure = { readonly errorCode: string; readonly status: number | null };

/** With a response, the status names the error. */
const KNOWN: ReadonlySet<string> = new Set([...SEND_FAILURE_CODES, "http_status", "redirect"]);
/** Receivers choose statuses; after this many different ones, others are counted by class only. */
const STATUSES_MAX = 50;

/** Counts attempts by cause of failure. Returns the function that counts one. */
export function addFailureMetrics(registry: Registry): (failure: Failure) => void {
  const failures = new Counter({
    name: "opensend_attempt_failures_total",
    help: "Attempts that failed, by error code and the status of the response, if there was one.",
    labelNames: ["error_code", "response_status"],
    registers: [registry],
  });
  const seen = new Set<number>();
  const statusOf = (status: number) => {
    if (seen.has(status) || seen.size < STATUSES_MAX) {
      seen.add(status);
      return String(status);
    }
    return `${Math.floor(status / 100)}xx`;
  };
  return ({ errorCode, status }) =>
    failures.inc({
      error_code: KNOWN.has(errorCode) ? errorCode : "other",
      response_status: status === null ? "" : statusOf(status),
    });
}

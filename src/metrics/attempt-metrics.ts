import { Counter, Histogram, type Registry } from "prom-client";
import { SEND_FAILURE_CODES } from "../domain/outcome.ts";
import { addFailureMetrics } from "./failure-metrics.ts";

/** The facts of a finished attempt that metrics count. */
export type AttemptSummary = {
  readonly trigger: "schedule" | "manual" | "test";
  readonly result: "delivered" | "retry" | "failed";
  readonly status: number | null;
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly sinceAcceptedMs: number;
};

/** Up to the longest timeout; attempts cut off by the default timeout end slightly after it. */
const ATTEMPT_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 15.5, 30, 60];
/** From the worker's next turn to the last retry, three days later. */
const DELIVERY_BUCKETS_S = [
  0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600, 3600, 21_600, 86_400, 259_200,
];
const RESPONSES = ["2xx", "3xx", "4xx", "5xx"];
const FAILURES: ReadonlySet<string> = new Set(SEND_FAILURE_CODES);
const REFUSALS = ["blocked_address", "blocked_url"];

/** Counts outcomes and durations of attempts. Returns the function that counts one. */
export function addAttemptMetrics(registry: Registry): (attempt: AttemptSummary) => void {
  const registers = [registry];
  const attempts = new Counter({
    name: "opensend_attempts_total",
    help: "Requests sent, by response class or by the reason there was no response.",
    labelNames: ["outcome"],
    registers,
  });
  const attemptSeconds = new Histogram({
    name: "opensend_attempt_duration_seconds",
    help: "Time one request took.",
    buckets: ATTEMPT_BUCKETS_S,
    registers,
  });
  const refusals = new Counter({
    name: "opensend_egress_refusals_total",
    help: "Attempts that the egress guard refused.",
    labelNames: ["reason"],
    registers,
  });
  // A series that exists from the start shows its first count as a change.
  for (const outcome of RESPONSES) attempts.inc({ outcome }, 0);
  for (const reason of REFUSALS) refusals.inc({ reason }, 0);
  const countEnd = addEndMetrics(registry);
  const countFailure = addFailureMetrics(registry);
  return (attempt) => {
    const { errorCode, durationMs } = attempt;
    attempts.inc({ outcome: outcomeOf(attempt) });
    attemptSeconds.observe(durationMs / 1000);
    if (errorCode !== null && REFUSALS.includes(errorCode)) refusals.inc({ reason: errorCode });
    if (errorCode !== null) countFailure({ errorCode, status: attempt.status });
    countEnd(attempt);
  };
}

/** Counts how deliveries end. */
function addEndMetrics(registry: Registry): (attempt: AttemptSummary) => void {
  const registers = [registry];
  const delivered = new Counter({
    name: "opensend_deliveries_delivered_total",
    help: "Deliveries that ended with a 2xx.",
    registers,
  });
  const failed = new Counter({
    name: "opensend_deliveries_failed_total",
    help: "Deliveries that ended without a 2xx: no attempt is left.",
    registers,
  });
  const deliverySeconds = new Histogram({
    name: "opensend_accept_to_delivered_seconds",
    help: "Time from the commit of an event to the 2xx, without tests and manual retries.",
    buckets: DELIVERY_BUCKETS_S,
    registers,
  });
  return ({ result, trigger, sinceAcceptedMs }) => {
    if (result === "failed") failed.inc();
    if (result === "delivered") delivered.inc();
    if (result === "delivered" && trigger === "schedule") deliverySeconds.observe(sinceAcceptedMs / 1000);
  };
}

/** The class of the response, or why there was none; anything else is `other`, to limit the number of values. */
function outcomeOf({ status, errorCode }: Pick<AttemptSummary, "status" | "errorCode">): string {
  const response = status === null ? "" : `${Math.floor(status / 100)}xx`;
  if (RESPONSES.includes(response)) return response;
  return errorCode !== null && FAILURES.has(errorCode) ? errorCode : "other";
}

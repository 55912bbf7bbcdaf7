import type { Receiver } from "../domain/diagnostics/detect-receiver.ts";
import { explain } from "../domain/diagnostics/explain-failure.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import { type Outcome, SEND_FAILURE_CODES, type SendFailureCode } from "../domain/outcome.ts";
import type { Cause } from "../domain/statistics.ts";

const TIMINGS = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 0 };

/** Explains a cause by itself, when no attempt with it is kept. */
export function explainCause({ errorCode, responseStatus, host }: Cause, receiver: Receiver): Explanation {
  return explain(outcomeOf(errorCode, responseStatus), {
    receiver,
    host,
    port: "443",
    isN8nTestUrl: false,
    isSigned: true,
    bodyBytes: 0,
    retryAfterSeconds: null,
    redirectHost: null,
    timeoutSeconds: null,
    isTest: false,
  });
}

function outcomeOf(errorCode: string, status: number | null): Outcome {
  if (status !== null) {
    const response = { status, statusText: "", headers: {}, body: "", truncated: false };
    return { kind: "response", response, timings: TIMINGS };
  }
  const code = isFailureCode(errorCode) ? errorCode : "internal_error";
  return { kind: "failure", failure: { code, stage: "first_byte" }, timings: TIMINGS };
}

function isFailureCode(code: string): code is SendFailureCode {
  return (SEND_FAILURE_CODES as readonly string[]).includes(code);
}

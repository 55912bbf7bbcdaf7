import type { Database } from "../db/open.ts";
import { describeSendFailure } from "../domain/diagnostics/describe-send-failure.ts";
import { explain } from "../domain/diagnostics/explain-failure.ts";
import type { Outcome, ReceivedResponse } from "../domain/outcome.ts";
import { type DeliveryDetail, deliveryNotFound, getDelivery } from "../history/read-deliveries.ts";
import type { RecordedAttempt } from "./describe-attempt.ts";

/** The one attempt of a test, the same whether just sent or read again. */
export type TestResult = Pick<
  RecordedAttempt,
  "deliveryId" | "eventId" | "ok" | "durationMs" | "timings" | "request" | "error" | "explanation"
> & { readonly response: ReceivedResponse | null };

export function toTestResult(attempt: RecordedAttempt): TestResult {
  const { outcome } = attempt;
  return { ...attempt, response: outcome.kind === "response" ? outcome.response : null };
}

/**
 * The result of a test, read from the database; null while the test may still be in progress. A test past its deadline
 * without an attempt was cut off by the end of its process.
 *
 * @throws {OpenSendError} `not_found`.
 */
export async function readTestResult(
  db: Database,
  workspaceId: string,
  deliveryId: string,
  now: number,
): Promise<TestResult | null> {
  // Read before the attempts, which are recorded in the commit that ends the test.
  const row = await db
    .selectFrom("deliveries")
    .select(["status", "next_attempt_at"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", deliveryId)
    .executeTakeFirst();
  if (row === undefined) throw deliveryNotFound();
  if (row.status === "pending" && (row.next_attempt_at ?? 0) > now) return null;
  const detail = await getDelivery(db, workspaceId, deliveryId);
  return { ...readAttempt(detail), deliveryId, eventId: detail.eventId };
}

function readAttempt(detail: DeliveryDetail): Omit<TestResult, "deliveryId" | "eventId"> {
  const [attempt] = detail.attempts;
  const request = {
    method: "POST",
    urlPreview: detail.request.urlPreview,
    headers: attempt?.requestHeaders ?? {},
    // Payloads are kept for at least a day, as long as keys are.
    body: detail.request.body ?? "",
  } as const;
  if (attempt === undefined) return { ...INTERRUPTED, request };
  const { durationMs, timings, response, error, explanation } = attempt;
  return { ok: detail.status === "delivered", durationMs, timings, request, response, error, explanation };
}

const NO_TIMINGS = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 0 };
const INTERRUPTION = { code: "interrupted", stage: "first_byte" } as const;
const INTERRUPTED_OUTCOME: Outcome = { kind: "failure", failure: INTERRUPTION, timings: NO_TIMINGS };
const INTERRUPTED = {
  ok: false,
  durationMs: 0,
  timings: { queued: null, ...NO_TIMINGS },
  response: null,
  error: { code: INTERRUPTION.code, message: describeSendFailure(INTERRUPTION) },
  explanation: explain(INTERRUPTED_OUTCOME, {
    receiver: "custom",
    host: "",
    port: "",
    isN8nTestUrl: false,
    isSigned: true,
    bodyBytes: 0,
    retryAfterSeconds: null,
    redirectHost: null,
    timeoutSeconds: null,
    isTest: true,
  }),
} as const;

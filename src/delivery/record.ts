import { isN8nTestUrl } from "../core/detect-receiver.ts";
import { explain } from "../core/explain-failure.ts";
import type { Explanation } from "../core/explanation.ts";
import { createEchoMask, maskResponse } from "../core/mask-echo.ts";
import type { Outcome } from "../core/outcome.ts";
import { redactHost } from "../core/redact-url.ts";
import { newId } from "../store/new-id.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { SignedDelivery } from "./sign.ts";

export type FinishedAttempt = {
  readonly claimed: ClaimedDelivery;
  readonly signed: SignedDelivery;
  readonly outcome: Outcome;
  readonly startedAt: number;
};

/** An attempt as it was recorded: nothing in it can be used to call the receiver. */
export type RecordedAttempt = {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly ok: boolean;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly request: {
    readonly method: "POST";
    readonly urlPreview: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly explanation: Explanation;
};

/**
 * Writes the attempt, the delivery's new state and the connection's health in one transaction. Only the holder of the
 * lease may: if another took the delivery over meanwhile, the attempt is still kept, the state is theirs.
 */
export async function record(deps: DeliveryDeps, finished: FinishedAttempt): Promise<RecordedAttempt> {
  const { claimed, startedAt } = finished;
  const finishedAt = deps.now();
  const attempt = describe(deps, finished, finishedAt);
  await deps.db.transaction().execute(async (trx) => {
    await trx
      .insertInto("attempts")
      .values(attemptRow(claimed, attempt, startedAt))
      .execute();
    await trx
      .updateTable("deliveries")
      .set({
        status: attempt.ok ? "delivered" : "failed",
        attempt_count: claimed.attemptNumber,
        next_attempt_at: null,
        lease_holder: null,
        lease_expires_at: null,
        updated_at: finishedAt,
      })
      .where("id", "=", claimed.id)
      .where("status", "=", "delivering")
      .where("lease_holder", "=", deps.workerId)
      .execute();
    await deps.noteAttempt(trx, {
      connectionId: claimed.connectionId,
      ok: attempt.ok,
      isTest: claimed.trigger === "test",
      error: attempt.error,
      finishedAt,
    });
  });
  return attempt;
}

function describe(deps: DeliveryDeps, finished: FinishedAttempt, finishedAt: number): RecordedAttempt {
  const { claimed, signed } = finished;
  const outcome = withoutCredentials(finished.outcome, signed);
  const reading = deps.connectorFor(claimed.provider).readResponse(outcome, finishedAt);
  const url = signed.request?.url ?? null;
  const explanation = explain(outcome, {
    receiver: claimed.endpoint.receiver,
    host: claimed.endpoint.host,
    port: url === null ? "" : url.port || (url.protocol === "https:" ? "443" : "80"),
    isN8nTestUrl: url !== null && isN8nTestUrl(url),
    bodyBytes: Buffer.byteLength(signed.body),
    retryAfterSeconds: reading.retryAfterSeconds,
    redirectHost: redirectHost(finished.outcome, url),
    isTest: claimed.trigger === "test",
  });
  return {
    deliveryId: claimed.id,
    eventId: claimed.event.id,
    ok: reading.ok,
    outcome,
    durationMs: Math.round(outcome.timings.total),
    request: {
      method: "POST",
      urlPreview: claimed.endpoint.preview,
      headers: signed.request?.headers ?? {},
      body: signed.body,
    },
    error: reading.error,
    explanation,
  };
}

/** What a receiver echoes of its URL or secret is masked before anything is stored or shown. */
function withoutCredentials(outcome: Outcome, { credentials }: SignedDelivery): Outcome {
  if (outcome.kind === "failure" || credentials === null) return outcome;
  return { ...outcome, response: maskResponse(outcome.response, createEchoMask(credentials)) };
}

function redirectHost(outcome: Outcome, url: URL | null): string | null {
  if (outcome.kind === "failure" || url === null) return null;
  const location = outcome.response.headers["location"];
  const target = location === undefined ? null : URL.parse(location, url.href);
  return target === null ? null : redactHost(target);
}

function attemptRow(claimed: ClaimedDelivery, attempt: RecordedAttempt, startedAt: number) {
  const response = attempt.outcome.kind === "response" ? attempt.outcome.response : null;
  return {
    id: newId(),
    delivery_id: claimed.id,
    number: claimed.attemptNumber,
    trigger_kind: claimed.trigger,
    started_at: startedAt,
    duration_ms: attempt.durationMs,
    timings: JSON.stringify(attempt.outcome.timings),
    request_headers: JSON.stringify(attempt.request.headers),
    response_status: response?.status ?? null,
    response_status_text: response === null ? null : storable(response.statusText),
    response_headers: response === null ? null : storable(JSON.stringify(response.headers)),
    response_body: response === null ? null : storable(response.body),
    response_truncated: response?.truncated === true ? 1 : 0,
    error_code: attempt.error?.code ?? null,
    error_message: attempt.error === null ? null : storable(attempt.error.message),
    explanation: storable(JSON.stringify(attempt.explanation)),
  };
}

/** PostgreSQL's text holds no NUL; receivers may answer with one. */
function storable(text: string): string {
  return text.replaceAll("\0", "\u2400");
}

import type { Connector, ConnectorRequest } from "../connectors/contract.ts";
import { redactHeaders } from "../domain/custom-headers.ts";
import { isN8nTestUrl } from "../domain/diagnostics/detect-receiver.ts";
import { explain } from "../domain/diagnostics/explain-failure.ts";
import type { Explanation } from "../domain/diagnostics/explanation.ts";
import { maskResponse } from "../domain/mask-echo.ts";
import type { AttemptTimings, Outcome, Timings } from "../domain/outcome.ts";
import { redactHost } from "../domain/redact-url.ts";
import type { DueDelivery } from "./due-delivery.ts";
import type { OpenedConnection } from "./opened-connections.ts";
import type { SignedDelivery } from "./signed-delivery.ts";

export type FinishedAttempt = {
  readonly delivery: DueDelivery;
  readonly signed: SignedDelivery;
  readonly outcome: Outcome;
};

/** An attempt as it is recorded: without anything that could be used to call the receiver. */
export type RecordedAttempt = {
  readonly deliveryId: string;
  readonly eventId: string;
  readonly ok: boolean;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly timings: AttemptTimings;
  readonly request: {
    readonly method: "POST";
    readonly urlPreview: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly retryAfterSeconds: number | null;
  readonly explanation: Explanation;
};

export type DescribeDeps = {
  readonly connectorFor: (provider: string) => Pick<Connector, "readResponse">;
  /** Wall-clock time, from which a receiver's Retry-After counts. */
  readonly wallNow: () => number;
};

/** Classifies and explains an outcome, after masking URLs and secrets that the receiver echoes. */
export function describeAttempt(
  { connectorFor, wallNow }: DescribeDeps,
  finished: FinishedAttempt,
): RecordedAttempt {
  const { delivery, signed } = finished;
  const { connection } = delivery;
  const outcome = withoutCredentials(finished.outcome, connection);
  const reading = connectorFor(connection.provider).readResponse(outcome, wallNow());
  const url = signed.request?.url ?? null;
  const explanation = explain(outcome, {
    receiver: connection.endpoint.receiver,
    host: connection.endpoint.host,
    port: url === null ? "" : url.port || (url.protocol === "https:" ? "443" : "80"),
    isN8nTestUrl: url !== null && isN8nTestUrl(url),
    bodyBytes: Buffer.byteLength(signed.body),
    retryAfterSeconds: reading.retryAfterSeconds,
    redirectHost: redirectHost(finished.outcome, url, connection),
    timeoutSeconds: connection.timeoutMs / 1000,
    isTest: delivery.trigger === "test",
    isSigned: (connection.credentials?.signingSecret ?? null) !== null,
  });
  return {
    deliveryId: delivery.id,
    eventId: delivery.event.id,
    ok: reading.ok,
    outcome,
    durationMs: Math.round(outcome.timings.total),
    timings: withQueued(signed, outcome.timings),
    request: {
      method: "POST",
      urlPreview: connection.endpoint.preview,
      headers: signed.request === null ? {} : shownHeaders(signed.request),
      body: signed.body,
    },
    error: reading.error,
    retryAfterSeconds: reading.retryAfterSeconds,
    explanation,
  };
}

/** The headers of a request in the form that can be stored and shown. */
export function shownHeaders({ headers, sealedHeaders }: ConnectorRequest): Readonly<Record<string, string>> {
  return redactHeaders(headers, sealedHeaders);
}

/** Adds how long the delivery was due before this attempt began; 0 if the clock was set back. */
export function withQueued({ delivery, startedAt }: SignedDelivery, timings: Timings): AttemptTimings {
  return { queued: Math.max(0, startedAt - delivery.dueAt), ...timings };
}

/** Masks the URL and the secret wherever the response echoes them, before anything is stored or shown. */
function withoutCredentials(outcome: Outcome, { maskEcho }: OpenedConnection): Outcome {
  if (outcome.kind === "failure") return outcome;
  return { ...outcome, response: maskResponse(outcome.response, maskEcho) };
}

function redirectHost(outcome: Outcome, url: URL | null, { maskEcho }: OpenedConnection): string | null {
  if (outcome.kind === "failure" || url === null) return null;
  const location = outcome.response.headers["location"];
  const target = location === undefined ? null : URL.parse(location, url.href);
  return target === null ? null : maskEcho(redactHost(target));
}

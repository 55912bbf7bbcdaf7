import { traceHeaders } from "../../core/trace-context.ts";
import { opensendSignature } from "../../crypto/opensend-signature.ts";
import { standardWebhooksSignature } from "../../crypto/standard-webhooks.ts";
import type { ConnectorRequest, RequestInput } from "../contract.ts";

/**
 * The POST for one attempt. `webhook-id` is the event's id, the same on every retry (Standard Webhooks 1.0.0,
 * "Idempotency"); the timestamp is that of the attempt. Without a signing secret nothing is signed.
 */
export function buildRequest(input: RequestInput): ConnectorRequest {
  return {
    method: "POST",
    url: new URL(input.credentials.webhookUrl),
    headers: {
      "content-type": "application/json",
      "user-agent": `OpenSend/${input.version}`,
      "x-opensend-integration-provider": "webhook",
      "webhook-id": input.eventId,
      ...(input.traceContext === null ? {} : traceHeaders(input.traceContext)),
      ...signatureHeaders(input),
    },
    body: input.body,
  };
}

function signatureHeaders({
  credentials,
  eventId,
  body,
  timestampSeconds,
}: RequestInput): Record<string, string> {
  const secret = credentials.signingSecret;
  if (secret === null) return {};
  return {
    "x-opensend-timestamp": String(timestampSeconds),
    "x-opensend-signature": opensendSignature(secret, timestampSeconds, body),
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": standardWebhooksSignature(secret, {
      id: eventId,
      timestamp: timestampSeconds,
      body,
    }),
  };
}

import { opensendSignature } from "../../crypto/opensend-signature.ts";
import { standardWebhooksSignature } from "../../crypto/standard-webhooks.ts";
import { traceHeaders } from "../../domain/trace-context.ts";
import type { ConnectorRequest, RequestInput } from "../contract.ts";

/**
 * The POST for one attempt. `webhook-id` is the event's id, the same on every retry (Standard Webhooks 1.0.0,
 * "Idempotency"); the timestamp is that of the attempt. Without a signing secret nothing is signed. During a rotation
 * the previous secret signs too: `webhook-signature` has one entry for each, the new one first. Custom headers come
 * first and cannot replace OpenSend's own.
 */
export function buildRequest(input: RequestInput): ConnectorRequest {
  const { webhookUrl, headers: custom = [] } = input.credentials;
  return {
    method: "POST",
    url: new URL(webhookUrl),
    headers: {
      ...Object.fromEntries(custom.map(({ name, value }) => [name, value])),
      "content-type": "application/json",
      "user-agent": `OpenSend/${input.version}`,
      "x-opensend-integration-provider": "webhook",
      "webhook-id": input.eventId,
      ...(input.traceContext === null ? {} : traceHeaders(input.traceContext)),
      ...signatureHeaders(input),
    },
    sealedHeaders: custom.map(({ name }) => name),
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
  const signed = { id: eventId, timestamp: timestampSeconds, body };
  const headers = {
    "x-opensend-timestamp": String(timestampSeconds),
    "x-opensend-signature": opensendSignature(secret, timestampSeconds, body),
    "webhook-timestamp": String(timestampSeconds),
    "webhook-signature": standardWebhooksSignature(secret, signed),
  };
  const previous = credentials.previousSecret;
  if (!previous || timestampSeconds * 1000 >= previous.expiresAt) return headers;
  return {
    ...headers,
    "x-opensend-signature-previous": opensendSignature(previous.secret, timestampSeconds, body),
    "webhook-signature": `${headers["webhook-signature"]} ${standardWebhooksSignature(previous.secret, signed)}`,
  };
}

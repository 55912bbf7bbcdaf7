import { fingerprintUrl, type Keyring } from "../crypto/keyring.ts";
import { type SealBinding, seal, unseal } from "../crypto/seal.ts";
import type { Credentials, EndpointDisplay } from "../domain/connection.ts";
import { detectReceiver } from "../domain/diagnostics/detect-receiver.ts";
import { OpenSendError } from "../domain/errors.ts";
import { redactHost, redactUrl } from "../domain/redact-url.ts";
import type { UrlVerdict } from "../http-client/egress.ts";

/**
 * The URL in its canonical form, if events may be sent there.
 *
 * @throws {OpenSendError} `unsafe_url` saying why not.
 */
export async function acceptWebhookUrl(
  checkUrl: (url: string, workspaceId: string) => Promise<UrlVerdict>,
  text: string,
  workspaceId: string,
): Promise<URL> {
  const verdict = await checkUrl(text, workspaceId);
  if (verdict.allowed) return verdict.url;
  throw new OpenSendError("unsafe_url", verdict.message, {
    fields: [{ path: "webhook_url", message: verdict.message }],
  });
}

/** What may be shown of a URL, for the columns beside the sealed credentials. */
export function describeEndpoint(keyring: Keyring, url: URL): EndpointDisplay {
  return {
    host: redactHost(url),
    preview: redactUrl(url),
    fingerprint: fingerprintUrl(keyring.current, url.href),
    receiver: detectReceiver(url),
  };
}

/** URL and secret; behind them the secret before and its end, where there is one. */
type SealedForm = [
  webhookUrl: string,
  signingSecret: string | null,
  secretBefore?: string,
  expiresAt?: number,
];

export function sealCredentials(keyring: Keyring, binding: SealBinding, credentials: Credentials): string {
  const { webhookUrl, signingSecret, previousSecret } = credentials;
  const form: SealedForm = previousSecret
    ? [webhookUrl, signingSecret, previousSecret.secret, previousSecret.expiresAt]
    : [webhookUrl, signingSecret];
  return seal(keyring, binding, JSON.stringify(form));
}

/** @throws {UnsealError} when the row cannot be opened with the keys at hand. */
export function openCredentials(keyring: Keyring, binding: SealBinding, sealed: string): Credentials {
  const [webhookUrl, signingSecret, secret, expiresAt] = JSON.parse(
    unseal(keyring, binding, sealed),
  ) as SealedForm;
  if (secret === undefined || expiresAt === undefined) return { webhookUrl, signingSecret };
  return { webhookUrl, signingSecret, previousSecret: { secret, expiresAt } };
}

export function endpointColumns(endpoint: EndpointDisplay) {
  return {
    endpoint_host: endpoint.host,
    endpoint_preview: endpoint.preview,
    endpoint_fingerprint: endpoint.fingerprint,
    receiver: endpoint.receiver,
  };
}

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

/** Where there is no secret before, and headers follow: it signs no more, and an earlier version reads it so. */
const NO_PREVIOUS = ["", 0] as const;

/** URL and secret; behind them, where there are any, the secret before with its end, and the custom headers. */
type SealedForm = readonly [
  webhookUrl: string,
  signingSecret: string | null,
  secretBefore?: string,
  expiresAt?: number,
  headers?: readonly (readonly [name: string, value: string])[],
];

export function sealCredentials(keyring: Keyring, binding: SealBinding, credentials: Credentials): string {
  const { webhookUrl, signingSecret, previousSecret, headers = [] } = credentials;
  const previous = previousSecret ? ([previousSecret.secret, previousSecret.expiresAt] as const) : null;
  const pairs = headers.map(({ name, value }) => [name, value] as const);
  const form: SealedForm =
    pairs.length > 0
      ? [webhookUrl, signingSecret, ...(previous ?? NO_PREVIOUS), pairs]
      : [webhookUrl, signingSecret, ...(previous ?? [])];
  return seal(keyring, binding, JSON.stringify(form));
}

/** @throws {UnsealError} when the row cannot be opened with the keys at hand. */
export function openCredentials(keyring: Keyring, binding: SealBinding, sealed: string): Credentials {
  const form = JSON.parse(unseal(keyring, binding, sealed)) as SealedForm;
  const [webhookUrl, signingSecret, secret = "", expiresAt = 0, pairs = []] = form;
  return {
    webhookUrl,
    signingSecret,
    ...(secret === "" ? {} : { previousSecret: { secret, expiresAt } }),
    ...(pairs.length === 0 ? {} : { headers: pairs.map(([name, value]) => ({ name, value })) }),
  };
}

/** Sealed credentials, and what of them is in clear beside them. */
export function credentialColumns(keyring: Keyring, binding: SealBinding, credentials: Credentials) {
  const { signingSecret, previousSecret, headers = [] } = credentials;
  return {
    sealed_credentials: sealCredentials(keyring, binding, credentials),
    has_signing_secret: signingSecret === null ? 0 : 1,
    previous_secret_expires_at: previousSecret?.expiresAt ?? null,
    header_names: JSON.stringify(headers.map(({ name }) => name)),
  };
}

export function endpointColumns(endpoint: EndpointDisplay) {
  return {
    endpoint_host: endpoint.host,
    endpoint_preview: endpoint.preview,
    endpoint_fingerprint: endpoint.fingerprint,
    receiver: endpoint.receiver,
  };
}

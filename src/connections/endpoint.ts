import { fingerprintUrl, type Keyring } from "../crypto/keyring.ts";
import { type SealBinding, seal, unseal } from "../crypto/seal.ts";
import type { Credentials, EndpointDisplay } from "../domain/connection.ts";
import { detectReceiver } from "../domain/diagnostics/detect-receiver.ts";
import { OpenSendError } from "../domain/errors.ts";
import { redactHost, redactUrl } from "../domain/redact-url.ts";
import type { UrlVerdict } from "../http-client/egress.ts";

/**
 * Checks a webhook URL and returns its canonical form.
 *
 * @throws {OpenSendError} `unsafe_url` with the reason.
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

/** The redacted columns stored next to the sealed credentials. */
export function describeEndpoint(keyring: Keyring, url: URL): EndpointDisplay {
  return {
    host: redactHost(url),
    preview: redactUrl(url),
    fingerprint: fingerprintUrl(keyring.current, url.href),
    receiver: detectReceiver(url),
  };
}

/** Fills the place of the previous secret when only headers follow; earlier versions read it as expired. */
const NO_PREVIOUS = ["", 0] as const;

/** URL and secret, followed by the previous secret with its expiry and by the custom headers, if there are any. */
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

/** @throws {UnsealError} when none of the available keys opens the row. */
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

/** Sealed credentials, and their plain columns. */
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

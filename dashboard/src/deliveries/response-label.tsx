import type { AttemptErrorCode } from "../../../src/domain/delivery.ts";
import type { Delivery } from "../api/types.ts";
import { None } from "./delivery-status.tsx";

const NO_RESPONSE = {
  dns_not_found: "No such host",
  dns_failed: "DNS failed",
  dns_timeout: "DNS timeout",
  dns_busy: "DNS busy",
  blocked_address: "Blocked",
  blocked_url: "Blocked",
  connection_refused: "Refused",
  connection_reset: "Cut off",
  unreachable: "Unreachable",
  timeout: "Timeout",
  tls_expired: "TLS expired",
  tls_not_yet_valid: "TLS not valid",
  tls_self_signed: "TLS self-signed",
  tls_wrong_name: "TLS wrong name",
  tls_incomplete_chain: "TLS chain",
  tls_unknown_ca: "TLS unknown CA",
  tls_failed: "TLS failed",
  invalid_response: "Not HTTP",
  response_too_large: "Too large",
  proxy_failed: "Proxy failed",
  credentials_unreadable: "Key missing",
  interrupted: "Interrupted",
  internal_error: "Internal error",
} satisfies Partial<Record<AttemptErrorCode, string>>;

/** A short label for every error code that a delivery can fail with. */
export const ERROR_WORDS: Readonly<Record<string, string>> = {
  http_status: "Response was not 2xx",
  redirect: "Redirect",
  ...NO_RESPONSE,
};

/**
 * The result of the last attempt as a short label: the HTTP status, or the reason there is no response. Always an
 * element: React could not replace a bare text that the browser's translation has moved.
 */
export function ResponseLabel({ delivery }: { delivery: Delivery }) {
  const { response_status: status, error_code: code } = delivery;
  if (status !== null) return <span>{status}</span>;
  if (delivery.last_attempt_at === null || code === null) return <None />;
  return <span>{ERROR_WORDS[code] ?? "No response"}</span>;
}

import type { AttemptErrorCode } from "../../../src/domain/delivery.ts";
import type { Delivery } from "../api/types.ts";
import { None } from "./delivery-status.tsx";

const NO_ANSWER: Partial<Record<AttemptErrorCode, string>> = {
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
};

/** What the last attempt came to, in a word: the HTTP status, or why there was none. */
export function AnswerWord({ delivery }: { delivery: Delivery }) {
  const { response_status: status, error_code: code } = delivery;
  if (status !== null) return status;
  if (delivery.last_attempt_at === null || code === null) return <None />;
  return NO_ANSWER[code as AttemptErrorCode] ?? "No answer";
}

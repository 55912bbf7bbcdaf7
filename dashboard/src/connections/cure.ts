import type { AttemptErrorCode } from "../../../src/domain/delivery.ts";

export type Cure = { readonly text: string; readonly replacesUrl: boolean };

const IS_IT_RUNNING = {
  text: "Check that the receiver is running, then send a test event.",
  replacesUrl: false,
};
const CHECK_HOST = { text: "Check the spelling of the host, or replace the URL.", replacesUrl: true };
const FIX_CERTIFICATE = { text: "Fix the certificate, then send a test event.", replacesUrl: false };

/** What to do about a connection's last error. The test panel knows more, as it has the receiver's answer. */
const CURES: Record<AttemptErrorCode, Cure> = {
  dns_not_found: CHECK_HOST,
  dns_failed: CHECK_HOST,
  dns_timeout: CHECK_HOST,
  dns_busy: { text: "Send it again.", replacesUrl: false },
  blocked_address: {
    text: "Use a public address, or open its range in the server's settings.",
    replacesUrl: true,
  },
  blocked_url: { text: "Replace the URL.", replacesUrl: true },
  redirect: { text: "Use the final URL.", replacesUrl: true },
  http_status: { text: "Send a test event to see its answer and what to do.", replacesUrl: false },
  connection_refused: IS_IT_RUNNING,
  connection_reset: IS_IT_RUNNING,
  unreachable: IS_IT_RUNNING,
  invalid_response: { text: "Check the port and what listens there.", replacesUrl: true },
  response_too_large: { text: "Make the receiver send a short response.", replacesUrl: false },
  proxy_failed: { text: "Check the outbound proxy and its log.", replacesUrl: false },
  timeout: { text: "Let the receiver answer first and do the work later.", replacesUrl: false },
  tls_expired: FIX_CERTIFICATE,
  tls_not_yet_valid: FIX_CERTIFICATE,
  tls_self_signed: FIX_CERTIFICATE,
  tls_wrong_name: FIX_CERTIFICATE,
  tls_incomplete_chain: FIX_CERTIFICATE,
  tls_unknown_ca: {
    text: "Use a certificate of a public CA, or start the server with NODE_EXTRA_CA_CERTS for a private one.",
    replacesUrl: false,
  },
  tls_failed: FIX_CERTIFICATE,
  credentials_unreadable: {
    text: "Give the server its earlier key again, or enter the webhook URL and the secret again.",
    replacesUrl: true,
  },
  interrupted: { text: "Send it again.", replacesUrl: false },
  internal_error: { text: "Look for the error in the server log.", replacesUrl: false },
};

/** The cure for an error code of the API; codes this dashboard does not know lead to a test. */
export function cureOf(code: string): Cure {
  return code in CURES ? CURES[code as AttemptErrorCode] : CURES.http_status;
}

/** Whether an explanation's action ends in giving the connection another URL. */
export function replacesUrl(actionCode: string): boolean {
  return actionCode === "replace_url" || actionCode === "use_final_url";
}

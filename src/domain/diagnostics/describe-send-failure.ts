import type { SendFailure, SendFailureCode } from "../outcome.ts";

const SENTENCES: Record<SendFailureCode, string> = {
  dns_not_found: "The receiver's name does not resolve.",
  dns_failed: "The receiver's name could not be looked up.",
  dns_timeout: "The DNS server did not respond in time.",
  dns_busy: "OpenSend was too busy to look up the receiver's name.",
  blocked_address: "The receiver's name points to an address that is not public, so nothing was sent.",
  blocked_url: "The URL is not allowed, so nothing was sent.",
  connection_refused: "The receiver refused the connection.",
  connection_reset: "The receiver closed the connection before the response was complete.",
  unreachable: "The receiver cannot be reached.",
  timeout: "No complete response arrived in time.",
  tls_expired: "The receiver's certificate has expired.",
  tls_not_yet_valid: "The receiver's certificate is not valid yet.",
  tls_self_signed: "The receiver's certificate is self-signed.",
  tls_wrong_name: "The receiver's certificate is for another name.",
  tls_incomplete_chain: "The receiver's certificate chain is incomplete.",
  tls_unknown_ca: "The receiver's certificate is not signed by a trusted CA.",
  tls_failed: "The TLS handshake with the receiver failed.",
  invalid_response: "The receiver did not return valid HTTP.",
  response_too_large: "The receiver's response exceeds what OpenSend reads.",
  proxy_failed: "The outbound proxy did not connect.",
  credentials_unreadable: "The stored credentials cannot be decrypted with the keys at hand.",
  interrupted: "The server stopped during the attempt.",
  internal_error: "OpenSend failed to handle this delivery.",
};

/** One public sentence for a failure before a response; `explain-failure.ts` has the full explanation. */
export function describeSendFailure(failure: SendFailure): string {
  return SENTENCES[failure.code];
}

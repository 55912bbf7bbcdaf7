import { type ExplainContext, type Explanation, rule } from "./explanation.ts";
import type { SendFailure, SendStage } from "./outcome.ts";

const WAITING_FOR: Record<SendStage, string> = {
  dns: "while looking up the name",
  connect: "while connecting",
  tls: "during the TLS handshake",
  first_byte: "while waiting for the answer",
  body: "while reading the answer",
};

/** Explains a failure before there was a whole answer. */
export function explainSendFailure(
  failure: SendFailure,
  totalMs: number,
  context: ExplainContext,
): Explanation {
  const { host, port } = context;
  const code = failure.code;
  switch (code) {
    case "timeout": {
      const seconds = Math.max(1, Math.round(totalMs / 1000));
      const processed = failure.stage === "first_byte" || failure.stage === "body";
      return rule(
        code,
        `No answer within ${seconds} s`,
        `Time ran out ${WAITING_FOR[failure.stage]}.${processed ? " It may still have processed the event." : ""}`,
        processed
          ? "Let the receiver answer first and do the work later."
          : "Check that the receiver is reachable from here.",
        processed ? "answer_first" : "is_it_running",
      );
    }
    case "dns_not_found":
      return rule(
        code,
        `${host} does not resolve`,
        "No address is known for this name.",
        "Check the spelling.",
        "check_spelling",
      );
    case "dns_failed":
      return rule(
        code,
        `${host} could not be looked up`,
        "The name server reported a failure.",
        "Check the spelling and this server's DNS.",
        "check_spelling",
      );
    case "dns_timeout":
      return rule(
        code,
        `${host} was not resolved in time`,
        "The name server did not answer in time, so nothing was sent.",
        "Check the spelling and the name servers of this domain.",
        "check_spelling",
      );
    case "dns_busy":
      return rule(
        code,
        "OpenSend was too busy to look up the name",
        "No DNS lookup slot became free in time, so nothing was sent. The receiver is not at fault.",
        "Send it again.",
        "replay",
      );
    case "connection_refused":
      return rule(
        code,
        `${host}:${port} refused the connection`,
        "Nothing listens there.",
        "Is it running?",
        "is_it_running",
      );
    case "connection_reset":
      return rule(
        code,
        `${host}:${port} cut the connection`,
        "It closed the connection before a whole answer came. It may still have processed the event.",
        "Is it running? Look into its log.",
        "is_it_running",
      );
    case "unreachable":
      return rule(
        code,
        `${host}:${port} cannot be reached`,
        "There is no route to it.",
        "Is it running?",
        "is_it_running",
      );
    case "blocked_address":
      return rule(
        code,
        `${host} points to a private address`,
        "So we do not call it: an event must not reach into a private network.",
        "Use a public address, or open the range with OPENSEND_OUTBOUND_ALLOWED_CIDRS.",
        "allow_list",
      );
    case "blocked_url":
      return rule(
        code,
        "This URL is not allowed",
        failure.detail ?? "Events go to HTTPS addresses on the public internet only.",
        "Replace the URL.",
        "replace_url",
      );
    case "invalid_response":
      return rule(
        code,
        `${host}:${port} did not answer with HTTP`,
        "What came back is not a valid HTTP response.",
        "Check the port and what listens there.",
        "is_it_running",
      );
    case "response_too_large":
      return rule(
        code,
        `The response of ${host}:${port} is too large`,
        failure.detail ?? "OpenSend stopped reading at its limit.",
        "Make the receiver send a short response.",
        "receiver_settings",
      );
    case "proxy_failed":
      return rule(
        code,
        "The outbound proxy did not connect us",
        "The forward proxy of this server refused or failed the connection.",
        "Check OPENSEND_OUTBOUND_PROXY and the proxy's log.",
        "is_it_running",
      );
    case "credentials_unreadable":
      return rule(
        code,
        "The stored credentials cannot be opened",
        "They were sealed with a key this server does not have.",
        "Add the earlier key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, or enter the webhook URL again.",
        "add_key",
      );
    case "interrupted":
      return rule(
        code,
        "The server stopped during this attempt",
        "Whether the receiver got it is not known.",
        "Send it again.",
        "replay",
      );
    case "internal_error":
      return rule(
        code,
        "OpenSend failed to handle this delivery",
        "An error inside OpenSend ended this attempt. The receiver is not at fault.",
        "Look for the error in the server log, then send it again.",
        "replay",
      );
    default:
      return rule(
        code,
        `Certificate problem: ${TLS_PROBLEMS[code]}`,
        `The TLS certificate of ${host} could not be trusted, so nothing was sent.`,
        "Fix the certificate.",
        "fix_certificate",
      );
  }
}

const TLS_PROBLEMS = {
  tls_expired: "it has expired",
  tls_not_yet_valid: "it is not valid yet",
  tls_self_signed: "it is self-signed",
  tls_wrong_name: "it is for another name",
  tls_incomplete_chain: "its chain is incomplete",
  tls_failed: "the TLS handshake failed",
} as const;

import { TIMEOUT_SECONDS_MAX } from "../connection.ts";
import type { SendFailure, SendFailureCode, SendStage } from "../outcome.ts";
import type { Receiver } from "./detect-receiver.ts";
import { type ActionCode, type ExplainContext, type Explanation, rule } from "./explanation.ts";

type Failed = {
  readonly failure: SendFailure;
  readonly totalMs: number;
  readonly host: string;
  readonly port: string;
  readonly receiver: Receiver;
  readonly timeoutSeconds: number | null;
};
type Wording = readonly [title: string, detail: string, action: string, actionCode: ActionCode];

const WAITING_FOR: Record<SendStage, string> = {
  dns: "while looking up the name",
  connect: "while connecting",
  tls: "during the TLS handshake",
  first_byte: "while waiting for the response",
  body: "while reading the response",
};

/** Explains a failure before the response was complete. */
export function explainSendFailure(
  failure: SendFailure,
  totalMs: number,
  { host, port, receiver, timeoutSeconds }: ExplainContext,
): Explanation {
  const failed = { failure, totalMs, host, port, receiver, timeoutSeconds };
  return rule(failure.code, ...WORDINGS[failure.code](failed));
}

/** Node reads the variable only when a process starts. */
const TRUST_IT =
  "Use a certificate of a public CA. To trust a private one, name its PEM file in NODE_EXTRA_CA_CERTS and start the server again.";

/** The explanation of each failure, with the action to take. */
const WORDINGS: Readonly<Record<SendFailureCode, (failed: Failed) => Wording>> = {
  timeout: describeTimeout,
  dns_not_found: ({ host }) => [
    `${host} does not resolve`,
    "No address is known for this name.",
    "Check the spelling.",
    "check_spelling",
  ],
  dns_failed: ({ host }) => [
    `${host} could not be looked up`,
    "The name server reported a failure.",
    "Check the spelling and this server's DNS.",
    "check_spelling",
  ],
  dns_timeout: ({ host }) => [
    `${host} was not resolved in time`,
    "The DNS server did not respond in time, so nothing was sent.",
    "Check the spelling and the name servers of this domain.",
    "check_spelling",
  ],
  dns_busy: () => [
    "OpenSend was too busy to look up the name",
    "No DNS lookup slot became free in time, so nothing was sent. The receiver is not at fault.",
    "Send it again.",
    "replay",
  ],
  connection_refused: ({ host, port }) => [
    `${host}:${port} refused the connection`,
    "Nothing is listening there.",
    "Is it running?",
    "is_it_running",
  ],
  connection_reset: ({ host, port }) => [
    `${host}:${port} cut the connection`,
    "It closed the connection before the response was complete. It may still have processed the event.",
    "Is it running? Check its log.",
    "is_it_running",
  ],
  unreachable: ({ host, port }) => [
    `${host}:${port} cannot be reached`,
    "There is no route to it.",
    "Is it running?",
    "is_it_running",
  ],
  blocked_address: ({ host }) => [
    `${host} points to a private address`,
    "OpenSend does not send events into private networks.",
    "Use a public address, or allow the range with OPENSEND_OUTBOUND_ALLOWED_CIDRS.",
    "allow_list",
  ],
  blocked_url: ({ failure }) => [
    "This URL is not allowed",
    failure.detail ?? "Events go to HTTPS addresses on the public internet only.",
    "Replace the URL.",
    "replace_url",
  ],
  invalid_response: ({ host, port, failure }) => [
    `${host}:${port} did not return valid HTTP`,
    `${failure.detail ?? "The response is not valid HTTP."} It may still have processed the event.`,
    "Check the port and what listens there.",
    "is_it_running",
  ],
  response_too_large: ({ host, port, failure }) => [
    `The response of ${host}:${port} exceeds a limit of OpenSend`,
    `${failure.detail ?? "OpenSend stopped reading at its limit."} The receiver may have processed the event.`,
    "Make the receiver send a shorter response with fewer headers.",
    "receiver_settings",
  ],
  proxy_failed: ({ failure }) => [
    "The outbound proxy did not connect",
    `The forward proxy of this server refused or failed the connection${failure.detail === undefined ? "" : ` (${failure.detail.replace(/\.$/, "")})`}.`,
    "Check OPENSEND_OUTBOUND_PROXY and the proxy's log.",
    "is_it_running",
  ],
  credentials_unreadable: () => [
    "The stored credentials cannot be decrypted",
    "They are encrypted with a key this server does not have.",
    "Add the earlier key as INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS, or enter the webhook URL again.",
    "add_key",
  ],
  interrupted: () => [
    "The server stopped during this attempt",
    "It is unknown whether the receiver got the event.",
    "Send it again.",
    "replay",
  ],
  internal_error: () => [
    "OpenSend failed to handle this delivery",
    "An error inside OpenSend ended this attempt. The receiver is not at fault.",
    "Check the server log for the error, then send it again.",
    "replay",
  ],
  tls_expired: describeCertificate("it has expired", "Fix the certificate. Renew it at the receiver."),
  tls_not_yet_valid: describeCertificate(
    "it is not valid yet",
    "Fix the certificate. Check the receiver's clock and this server's.",
  ),
  tls_self_signed: describeCertificate("it is self-signed", `Fix the certificate. ${TRUST_IT}`),
  tls_wrong_name: describeCertificate(
    "it is for another name",
    "Fix the certificate. It must name the host of the webhook URL.",
  ),
  tls_incomplete_chain: describeCertificate(
    "its chain is incomplete",
    "Fix the certificate. Let the receiver send its intermediate certificates too (the full chain).",
  ),
  tls_unknown_ca: describeCertificate("it is not signed by a trusted CA", TRUST_IT),
  tls_failed: describeCertificate(
    "the TLS handshake failed",
    "Fix the certificate. Check that the port speaks TLS 1.2 or newer and asks for no client certificate.",
  ),
};

/** The effect of each retry on a receiver that accepted the event but responded too late. */
const REPEATS: Partial<Record<Receiver, string>> = {
  zapier: "Until it does, each retry runs the Zap again.",
  make: "Until it does, each retry runs the scenario again.",
  n8n: "Until it does, each retry runs the workflow again.",
  pipedream: "Until it does, each retry runs the workflow again.",
};
const PROCESSES_AGAIN = "Until it does, each retry has it process the event again.";

/** The setting that makes each automation tool respond before the workflow runs. */
const RESPOND_FIRST: Partial<Record<Receiver, string>> = {
  make: "In Make, remove the Webhook response module or put it first.",
  n8n: "In n8n, set Respond of the Webhook node to Immediately.",
  pipedream: "In Pipedream, let the trigger return its response immediately.",
};

function actions(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

function describeTimeout({ failure: { stage }, totalMs, receiver, timeoutSeconds }: Failed): Wording {
  // Connecting has its own, shorter timeout.
  const seconds = stage === "first_byte" || stage === "body" ? timeoutSeconds : null;
  const waitedMs = seconds === null ? totalMs : seconds * 1000;
  const title = waitedMs === 0 ? "No response in time" : `No response within ${secondsOf(waitedMs)} s`;
  const detail = `Time ran out ${WAITING_FOR[stage]}.`;
  if (stage === "first_byte" || stage === "body") {
    return [
      title,
      `${detail} It may still have processed the event.`,
      actions(
        timeoutSeconds !== null && timeoutSeconds < TIMEOUT_SECONDS_MAX
          ? `Make the receiver respond first and do the work later, or raise the timeout of this connection (at most ${TIMEOUT_SECONDS_MAX} s).`
          : "Make the receiver respond first and do the work later.",
        RESPOND_FIRST[receiver],
        REPEATS[receiver] ?? PROCESSES_AGAIN,
      ),
      "answer_first",
    ];
  }
  return [title, detail, "Check that the receiver is reachable from here.", "is_it_running"];
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}

function describeCertificate(problem: string, action: string): (failed: Failed) => Wording {
  return ({ host }) => [
    `Certificate problem: ${problem}`,
    `The TLS certificate of ${host} could not be trusted, so nothing was sent.`,
    action,
    "fix_certificate",
  ];
}

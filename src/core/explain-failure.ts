import { RECEIVER_NAMES, type Receiver } from "./detect-receiver.ts";
import {
  isSuccess,
  type Outcome,
  type ReceivedResponse,
  type SendFailure,
  type SendStage,
} from "./outcome.ts";

/** What a person can do next; the dashboard turns each into a link or a hint. */
export type ActionCode =
  | "none"
  | "replace_url"
  | "open_make"
  | "open_verify"
  | "use_final_url"
  | "receiver_settings"
  | "replay"
  | "answer_first"
  | "check_spelling"
  | "is_it_running"
  | "fix_certificate"
  | "allow_list"
  | "add_key";

export type Explanation = {
  /** Stable name of the rule that matched. */
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** What to do, ready to show; empty when there is nothing to do. */
  readonly action: string;
  readonly action_code: ActionCode;
};

export type ExplainContext = {
  readonly receiver: Receiver;
  /** Host as it may be shown (token labels masked). */
  readonly host: string;
  readonly port: string;
  readonly isN8nTestUrl: boolean;
  readonly bodyBytes: number;
  /** Seconds the receiver asked to wait, when it did. */
  readonly retryAfterSeconds: number | null;
  /** Host a redirect points to, as it may be shown. */
  readonly redirectHost: string | null;
  readonly isTest: boolean;
};

/** Says in words what an attempt came to, what it means and what to do. Fixed rules, first match wins. */
export function explain(outcome: Outcome, context: ExplainContext): Explanation {
  if (outcome.kind === "failure") return explainSendFailure(outcome.failure, outcome.timings.total, context);
  if (isSuccess(outcome)) return explainSuccess(outcome.response, context);
  return explainAnswer(outcome.response, context);
}

const PROVES_NOTHING_MORE: Partial<Record<Receiver, string>> = {
  zapier: "That does not prove the Zap ran.",
  make: "That does not prove the scenario ran.",
  n8n: "That does not prove the workflow finished.",
  pipedream: "That does not prove the workflow finished.",
};

function explainSuccess(response: ReceivedResponse, context: ExplainContext): Explanation {
  const accepted = `${RECEIVER_NAMES[context.receiver]} accepted it (${response.status}).`;
  const limit = PROVES_NOTHING_MORE[context.receiver];
  return rule("delivered", "Delivered", limit ? `${accepted} ${limit}` : accepted, "", "none");
}

function explainAnswer(response: ReceivedResponse, context: ExplainContext): Explanation {
  const { status, body } = response;
  if (status === 404 && /not registered/i.test(body)) {
    return rule(
      "n8n_not_registered",
      "n8n has no active webhook at this URL",
      "It is a test URL or the workflow is inactive.",
      "Activate the workflow and replace the URL with its production URL.",
      "replace_url",
    );
  }
  if (context.isN8nTestUrl) {
    return rule(
      "n8n_test_url",
      "This is an n8n test URL",
      "This n8n test URL works only while the editor is listening.",
      "Replace the URL with the production URL of the webhook.",
      "replace_url",
    );
  }
  if (context.receiver === "make" && status === 410) {
    return rule(
      "make_scenario_off",
      "The scenario is off",
      "Make answers 410 while the scenario behind the webhook is not active.",
      "Open Make, switch the scenario on, then send again.",
      "open_make",
    );
  }
  if (context.receiver === "make" && status === 400 && /queue/i.test(body)) {
    return rule(
      "make_queue_full",
      "Make's queue for this scenario is full",
      "Make takes no more until the scenario has worked some of them off.",
      "Open Make, run the scenario, then send again.",
      "open_make",
    );
  }
  return explainStatus(status, context);
}

function explainStatus(status: number, context: ExplainContext): Explanation {
  if (status === 429) {
    const wait =
      context.retryAfterSeconds === null
        ? "It did not say how long."
        : `It asks to wait ${context.retryAfterSeconds} s.`;
    const next = context.isTest ? "A test is not retried: send it again later." : "We wait and retry.";
    return rule("rate_limited", "The receiver limits its rate", `${wait} ${next}`, "", "none");
  }
  if (status === 401 || status === 403) {
    return rule(
      "refused",
      "The receiver refused us",
      `It answered ${status}: a wrong secret, an IP rule or a login in front.`,
      "Check that the receiver verifies with the same signing secret, and what stands in front of it.",
      "open_verify",
    );
  }
  if (status === 404 || status === 410) {
    return rule(
      "no_receiver",
      "No receiver at this path any more",
      `${context.host} answered ${status}.`,
      "Copy the current URL from the receiving tool and replace it here.",
      "replace_url",
    );
  }
  if (status >= 300 && status < 400) {
    const target = context.redirectHost === null ? "another address" : context.redirectHost;
    return rule(
      "redirect",
      `It redirected to ${target}`,
      "Redirects are not followed, so that nobody can point a signed event elsewhere.",
      "Use the final URL.",
      "use_final_url",
    );
  }
  const rejected = REJECTED_BY_STATUS[status];
  if (rejected !== undefined) {
    return rule(
      "rejected",
      `The receiver rejects ${rejected(context)}`,
      `It answered ${status}.`,
      "Change the receiver's settings so that it takes POST requests with JSON.",
      "receiver_settings",
    );
  }
  if (status >= 500) {
    return rule(
      "receiver_failed",
      "The receiver failed while handling this",
      `It answered ${status}. Its answer is kept with the attempt.`,
      context.isTest ? "Send it again after the fix." : "Replay after the fix.",
      "replay",
    );
  }
  return rule(
    "unexpected_status",
    `The receiver answered ${status}`,
    "Only a 2xx answer counts as delivered.",
    "Look at its answer and change the receiver's settings.",
    "receiver_settings",
  );
}

const REJECTED_BY_STATUS: Record<number, (context: ExplainContext) => string> = {
  405: () => "POST",
  413: (context) => `${Math.max(1, Math.ceil(context.bodyBytes / 1024))} kB`,
  415: () => "JSON",
};

const WAITING_FOR: Record<SendStage, string> = {
  dns: "while looking up the name",
  connect: "while connecting",
  tls: "during the TLS handshake",
  first_byte: "while waiting for the answer",
  body: "while reading the answer",
};

function explainSendFailure(failure: SendFailure, totalMs: number, context: ExplainContext): Explanation {
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
        "The name server did not answer or failed.",
        "Check the spelling and this server's DNS.",
        "check_spelling",
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

function rule(
  code: string,
  title: string,
  detail: string,
  action: string,
  actionCode: ActionCode,
): Explanation {
  return { code, title, detail, action, action_code: actionCode };
}

import { isSuccess, type Outcome, type ReceivedResponse } from "../outcome.ts";
import { behindProxy } from "./behind-proxy.ts";
import { RECEIVER_NAMES, type Receiver } from "./detect-receiver.ts";
import { explainSendFailure } from "./explain-send-failure.ts";
import { explainTool, N8N_USE_PRODUCTION, n8nTestUrl } from "./explain-tool.ts";
import { type ExplainContext, type Explanation, rule } from "./explanation.ts";
import { type ReceiverReason, receiverReason } from "./receiver-reason.ts";

/** Explains the outcome of an attempt and what to do about it. Fixed rules, first match wins. */
export function explain(outcome: Outcome, context: ExplainContext): Explanation {
  if (outcome.kind === "failure") return explainSendFailure(outcome.failure, outcome.timings.total, context);
  if (isSuccess(outcome)) return explainSuccess(outcome.response, context);
  return explainResponse(outcome.response, context);
}

/** A 2xx says that the event was accepted; OpenSend cannot see what the receiver does with it afterwards. */
const PROVES_NOTHING_MORE: Record<Receiver, string> = {
  zapier: "That does not prove the Zap ran.",
  make: "That does not prove the scenario ran.",
  n8n: "That does not prove the workflow finished.",
  pipedream: "That does not prove the workflow finished.",
  slack: "That does not prove that a message was posted.",
  discord: "That does not prove that a message was posted.",
  custom: "That does not prove that it was processed.",
  inspector: "Nothing left this server.",
};

function explainSuccess(response: ReceivedResponse, context: ExplainContext): Explanation {
  const accepted = `${RECEIVER_NAMES[context.receiver]} accepted it (${response.status}).`;
  const detail = `${accepted} ${PROVES_NOTHING_MORE[context.receiver]}`;
  if (!context.isN8nTestUrl) return rule("delivered", "Delivered", detail, "", "none");
  const limit = "This is an n8n test URL: it works only while the editor is listening.";
  return rule("delivered", "Delivered", `${detail} ${limit}`, N8N_USE_PRODUCTION, "replace_url");
}

function explainResponse(response: ReceivedResponse, context: ExplainContext): Explanation {
  const reason = response.status < 400 ? null : receiverReason(response);
  return (
    explainTool(response, context) ??
    explainVerification(response.status, reason, context) ??
    (context.isN8nTestUrl ? n8nTestUrl() : explainStatus(response, reason, context))
  );
}

/** Explains a response whose body blames the signature or the timestamp, whatever the status. */
function explainVerification(
  status: number,
  reason: ReceiverReason | null,
  { isSigned }: ExplainContext,
): Explanation | null {
  const detail = `It responded with ${status} and says so in the body.`;
  switch (reason) {
    case "signature":
    case "signature_either":
      if (!isSigned) return explainMissingSignature(detail, isSigned);
      return rule(
        "signature_rejected",
        "The receiver rejected the signature",
        detail,
        "Check that the receiver verifies the raw body with the signing secret of this connection.",
        "open_verify",
      );
    case "signature_missing":
      return explainMissingSignature(detail, isSigned);
    case "timestamp":
      return rule(
        "timestamp_rejected",
        "The receiver rejected the timestamp",
        detail,
        "Synchronize the clocks of the receiver and of this server (NTP), and check that the receiver reads the timestamp as seconds.",
        "receiver_settings",
      );
    default:
      return null;
  }
}

function explainMissingSignature(detail: string, isSigned: boolean): Explanation {
  if (isSigned) {
    return rule(
      "signature_missing",
      "The receiver found no signature",
      `${detail} OpenSend signed the request.`,
      "Check which header the receiver reads, and that no proxy in front of it removes headers.",
      "open_verify",
    );
  }
  return rule(
    "signature_missing",
    "The receiver expects a signature",
    `${detail} This connection has no signing secret.`,
    "Set the receiver's signing secret on this connection, and check which header the receiver reads.",
    "open_verify",
  );
}

function explainStatus(
  { status, body }: ReceivedResponse,
  reason: ReceiverReason | null,
  context: ExplainContext,
): Explanation {
  if (status === 429) return explainRateLimit(context);
  if (status === 401 || status === 403) return explainRefusal(status, reason);
  // A 404 from an automation tool means a missing webhook; a custom app's 404 can be about anything.
  const isUrlMissing = status === 404 && (reason === null || context.receiver !== "custom");
  if (isUrlMissing || status === 410) {
    return rule(
      "no_receiver",
      "Nothing is listening at this URL",
      `${context.host} responded with ${status}.`,
      "Copy the current URL from the receiving tool and replace it here.",
      "replace_url",
    );
  }
  if (status >= 300 && status < 400) return explainRedirect(context);
  const rejected = REJECTED_BY_STATUS[status];
  if (rejected !== undefined) {
    return rule(
      "rejected",
      `The receiver rejects ${rejected(context)}`,
      `It responded with ${status}.`,
      "Change the receiver's settings to accept POST requests with JSON.",
      "receiver_settings",
    );
  }
  if (status >= 500) return explainServerError({ status, body }, reason, context);
  return rule(
    "unexpected_status",
    `The receiver responded with ${status}`,
    reason === null
      ? "Only a 2xx response counts as delivered."
      : "Only a 2xx response counts as delivered. The response body says why.",
    "Read its response and change the receiver's settings.",
    "receiver_settings",
  );
}

function explainRefusal(status: number, reason: ReceiverReason | null): Explanation {
  const title = `The receiver rejected the request (${status})`;
  if (reason !== null) {
    return rule(
      "refused",
      title,
      "The response body says why.",
      "Read its response and change the receiver's settings.",
      "receiver_settings",
    );
  }
  return rule(
    "refused",
    title,
    "Likely causes: a wrong secret, an IP rule, or a login in front of the receiver.",
    "Check the signing secret, IP allow-list, and any login or proxy in front of it.",
    "open_verify",
  );
}

function explainServerError(
  { status, body }: Pick<ReceivedResponse, "status" | "body">,
  reason: ReceiverReason | null,
  { isTest }: ExplainContext,
): Explanation {
  const action = isTest ? "Send it again after the fix." : "Replay after the fix.";
  const behind = behindProxy({ status, body });
  if (behind === "unreached" || behind === "reached") {
    const detail =
      behind === "reached"
        ? `The proxy returned ${status}: the app did not respond in time. It may still have processed the event.`
        : `The proxy returned ${status}: the app is down, restarting, or not where the proxy expects it.`;
    return rule("app_unreachable", "A proxy could not reach the app behind it", detail, action, "replay");
  }
  if (behind === "unknown" && reason === null) {
    const detail = `It responded with ${status}: it is overloaded or down, or a proxy could not reach the app behind it.`;
    return rule("receiver_unavailable", "The receiver is unavailable", detail, action, "replay");
  }
  const title = "The receiver failed while handling this";
  return rule(
    "receiver_failed",
    title,
    `It responded with ${status}. The response is stored with the attempt.`,
    action,
    "replay",
  );
}

const RETRY_AFTER_MAX_S = 24 * 60 * 60;

function explainRateLimit({ retryAfterSeconds, isTest }: ExplainContext): Explanation {
  const wait =
    retryAfterSeconds === null
      ? "It did not say how long to wait."
      : `It asks to wait ${retryAfterSeconds} s.`;
  const next = isTest
    ? "A test is not retried: send it again later."
    : (retryAfterSeconds ?? 0) > RETRY_AFTER_MAX_S
      ? "OpenSend waits 24 hours, the maximum, and retries."
      : "OpenSend waits and retries.";
  return rule("rate_limited", "The receiver limits its rate", `${wait} ${next}`, "", "none");
}

function explainRedirect({ redirectHost }: ExplainContext): Explanation {
  return rule(
    "redirect",
    `It redirected to ${redirectHost ?? "another address"}`,
    "OpenSend does not follow redirects, so that signed events cannot be sent elsewhere.",
    "Use the final URL.",
    "use_final_url",
  );
}

const REJECTED_BY_STATUS: Record<number, (context: ExplainContext) => string> = {
  405: () => "POST",
  413: (context) => `${Math.max(1, Math.ceil(context.bodyBytes / 1024))} kB`,
  415: () => "JSON",
};

import { isSuccess, type Outcome, type ReceivedResponse } from "../outcome.ts";
import { RECEIVER_NAMES, type Receiver } from "./detect-receiver.ts";
import { explainSendFailure } from "./explain-send-failure.ts";
import { type ExplainContext, type Explanation, rule } from "./explanation.ts";

/** Says in words what an attempt came to, what it means and what to do. Fixed rules, first match wins. */
export function explain(outcome: Outcome, context: ExplainContext): Explanation {
  if (outcome.kind === "failure") return explainSendFailure(outcome.failure, outcome.timings.total, context);
  if (isSuccess(outcome)) return explainSuccess(outcome.response, context);
  return explainAnswer(outcome.response, context);
}

/** A 2xx says that it was taken; what the receiver does with it afterwards nobody here can see. */
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
  const limit = PROVES_NOTHING_MORE[context.receiver];
  return rule("delivered", "Delivered", `${accepted} ${limit}`, "", "none");
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
  if (status === 429) return explainRateLimit(context);
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
  if (status >= 300 && status < 400) return explainRedirect(context);
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

function explainRateLimit({ retryAfterSeconds, isTest }: ExplainContext): Explanation {
  const wait =
    retryAfterSeconds === null ? "It did not say how long." : `It asks to wait ${retryAfterSeconds} s.`;
  const next = isTest ? "A test is not retried: send it again later." : "We wait and retry.";
  return rule("rate_limited", "The receiver limits its rate", `${wait} ${next}`, "", "none");
}

function explainRedirect({ redirectHost }: ExplainContext): Explanation {
  return rule(
    "redirect",
    `It redirected to ${redirectHost ?? "another address"}`,
    "Redirects are not followed, so that nobody can point a signed event elsewhere.",
    "Use the final URL.",
    "use_final_url",
  );
}

const REJECTED_BY_STATUS: Record<number, (context: ExplainContext) => string> = {
  405: () => "POST",
  413: (context) => `${Math.max(1, Math.ceil(context.bodyBytes / 1024))} kB`,
  415: () => "JSON",
};

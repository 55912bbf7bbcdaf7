import type { ReceivedResponse } from "../outcome.ts";
import { type ExplainContext, type Explanation, rule } from "./explanation.ts";

/** n8n's exact sentences: other programs say "not registered" about other things. */
const N8N_OTHER_METHOD = /This webhook is not registered for \w+ requests/i;
const N8N_NOT_REGISTERED = /The requested webhook .{0,2100} is not registered/is;
/** Hints that n8n adds to these sentences. */
const N8N_IN_TEST_MODE = /test mode|execute workflow/i;
const N8N_INACTIVE = /production URL/i;

/** Explains responses that are specific to an automation tool; null for all others. */
export function explainTool(response: ReceivedResponse, context: ExplainContext): Explanation | null {
  return explainN8n(response, context) ?? (context.receiver === "make" ? explainMake(response) : null);
}

function explainN8n({ status, body }: ReceivedResponse, context: ExplainContext): Explanation | null {
  if (status !== 404) return null;
  if (N8N_OTHER_METHOD.test(body)) {
    return rule(
      "n8n_wrong_method",
      "n8n's webhook does not accept POST",
      "A workflow listens at this URL for a different HTTP method. OpenSend sends POST.",
      "Set HTTP Method to POST in the Webhook node, and publish the workflow again.",
      "receiver_settings",
    );
  }
  if (!N8N_NOT_REGISTERED.test(body)) return null;
  if (context.isN8nTestUrl || (N8N_IN_TEST_MODE.test(body) && !N8N_INACTIVE.test(body))) return n8nTestUrl();
  const title = "n8n has no active webhook at this URL";
  if (N8N_INACTIVE.test(body)) {
    return rule(
      "n8n_not_registered",
      title,
      "The workflow is inactive, or its webhook has another path.",
      "Activate the workflow, and compare the URL with the production URL of its Webhook node.",
      "replace_url",
    );
  }
  return rule(
    "n8n_not_registered",
    title,
    "It is a test URL or the workflow is inactive.",
    "Activate the workflow and replace the URL with its production URL.",
    "replace_url",
  );
}

/** Explains any failure at a URL that is known to be an n8n test URL. */
export function n8nTestUrl(): Explanation {
  return rule(
    "n8n_test_url",
    "This is an n8n test URL",
    "This n8n test URL works only while the editor is listening.",
    N8N_USE_PRODUCTION,
    "replace_url",
  );
}

export const N8N_USE_PRODUCTION = "Replace the URL with the production URL of the webhook.";

function explainMake({ status, body }: ReceivedResponse): Explanation | null {
  if (status === 410) {
    return rule(
      "make_scenario_off",
      "The scenario is off",
      "Make returns 410 while the scenario behind the webhook is inactive.",
      "Open Make, switch the scenario on, then send again.",
      "open_make",
    );
  }
  if (status === 400 && /queue/i.test(body)) {
    return rule(
      "make_queue_full",
      "Make's queue for this scenario is full",
      "Make accepts no more events until the scenario has processed some of them.",
      "Open Make, run the scenario, then send again.",
      "open_make",
    );
  }
  return null;
}

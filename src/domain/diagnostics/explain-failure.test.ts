import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type Outcome, SEND_FAILURE_CODES, type SendFailureCode, type SendStage } from "../outcome.ts";
import { explain } from "./explain-failure.ts";
import type { ExplainContext, Explanation } from "./explanation.ts";

type Action = Explanation["action_code"];

const CONTEXT: ExplainContext = {
  receiver: "custom",
  host: "hooks.example.com",
  port: "443",
  isN8nTestUrl: false,
  bodyBytes: 5000,
  retryAfterSeconds: null,
  redirectHost: null,
  timeoutSeconds: 15,
  isTest: false,
  isSigned: true,
};

function timings(total: number) {
  return { dns: null, connect: null, tls: null, sent: null, first_byte: null, total };
}

function respond(status: number, body = ""): Outcome {
  const response = { status, statusText: "", headers: {}, body, truncated: false };
  return { kind: "response", response, timings: timings(100) };
}

function textOf({ title, detail, action }: Explanation): string {
  return [title, detail, action].join(" | ");
}

suite("a response other than a 2xx", () => {
  type Row = [
    when: string,
    status: number,
    context: Partial<ExplainContext>,
    code: string,
    action: Action,
    says: RegExp,
    body?: string,
  ];
  const NOT_REGISTERED = '{"message":"The requested webhook \\"x\\" is not registered."}';
  const N8N = { receiver: "n8n" } as const;
  const INACTIVE = JSON.stringify({
    code: 404,
    message: 'The requested webhook "POST orders" is not registered.',
    hint: "The workflow must be active for a production URL to run successfully. You can activate the workflow using the toggle in the top-right of the editor. Note that unlike test URL calls, production URL calls aren't shown on the canvas (only in the executions list)",
  });
  const IN_TEST_MODE = JSON.stringify({
    code: 404,
    message: 'The requested webhook "orders" is not registered.',
    hint: "Click the 'Execute workflow' button on the canvas, then try again. (In test mode, the webhook only works for one call after you click this button)",
  });
  const OTHER_METHOD = JSON.stringify({
    code: 404,
    message: "This webhook is not registered for POST requests. Did you mean to make a GET request?",
  });
  const DEVICE = '{"error":"device token not registered"}';
  const INACTIVE_ONLY =
    /^n8n has no active webhook at this URL \| The workflow is inactive.* \| Activate the workflow/;
  const SET_POST = /^n8n's webhook does not accept POST \| .* \| Set HTTP Method to POST in the Webhook node/;
  const SAYS_WHY = /^The receiver responded with 4\d\d \| .* The response body says why\./;
  const nginxPage = (words: string) =>
    `<html>\r\n<head><title>${words}</title></head>\r\n<body>\r\n<center><h1>${words}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>`;
  const UNREACHED = /^A proxy could not reach the app behind it \| .* \| Replay after the fix\.$/;
  const UNAVAILABLE =
    /^The receiver is unavailable \| It responded with 503: .* or a proxy could not reach the app/;
  const SIGNATURE =
    /^The receiver rejected the signature \| .* \| Check that the receiver verifies the raw body/;
  const NO_SIGNATURE =
    /^The receiver expects a signature \| .* This connection has no signing secret\. \| Set the receiver's signing secret/;
  const SIGNATURE_LOST =
    /^The receiver found no signature \| .* OpenSend signed the request\. \| Check which header the receiver reads/;
  const UNSIGNED = { isSigned: false };
  const TIMESTAMP = /^The receiver rejected the timestamp \| .* \| Synchronize the clocks/;
  const ITS_REASON = /^The receiver rejected the request \(403\) \| The response body says why\./;
  const DISCORD = { receiver: "discord" } as const;
  const MAKE = { receiver: "make" } as const;
  const TEST_URL = { ...N8N, isN8nTestUrl: true };
  const NO_WEBHOOK =
    /^n8n has no active webhook at this URL \| It is a test URL or the workflow is inactive\./;
  const TEST_URL_ONLY = /This n8n test URL works only while the editor is listening\./;
  const REFUSED =
    /^The receiver rejected the request \(40[13]\) \| .*a wrong secret, an IP rule, or a login in front of the receiver\./;
  const GONE = /^Nothing is listening at this URL \| hooks\.example\.com responded with 4\d\d\./;
  const FAILED = /^The receiver failed while handling this \| .* \| Replay after the fix\.$/;
  const WAIT = { retryAfterSeconds: 30 };
  const ELSEWHERE = { redirectHost: "login.example.com" };

  const ROWS: readonly Row[] = [
    ["unknown webhook", 404, N8N, "n8n_not_registered", "replace_url", NO_WEBHOOK, NOT_REGISTERED],
    ["unknown test webhook", 404, TEST_URL, "n8n_test_url", "replace_url", TEST_URL_ONLY, NOT_REGISTERED],
    ["in n8n's test mode", 404, {}, "n8n_test_url", "replace_url", TEST_URL_ONLY, IN_TEST_MODE],
    ["of an inactive workflow", 404, {}, "n8n_not_registered", "replace_url", INACTIVE_ONLY, INACTIVE],
    ["for another method", 404, N8N, "n8n_wrong_method", "receiver_settings", SET_POST, OTHER_METHOD],
    [
      "for another method, on its own host",
      404,
      {},
      "n8n_wrong_method",
      "receiver_settings",
      SET_POST,
      OTHER_METHOD,
    ],
    [
      "for another method at a test URL",
      404,
      TEST_URL,
      "n8n_wrong_method",
      "receiver_settings",
      SET_POST,
      OTHER_METHOD,
    ],
    [
      "of something else that is not registered",
      404,
      {},
      "unexpected_status",
      "receiver_settings",
      SAYS_WHY,
      DEVICE,
    ],
    [
      "that asks for a registration",
      404,
      {},
      "unexpected_status",
      "receiver_settings",
      SAYS_WHY,
      "This webhook is not registered.",
    ],
    ["at an n8n test URL", 404, TEST_URL, "n8n_test_url", "replace_url", TEST_URL_ONLY],
    ["at an n8n test URL", 500, TEST_URL, "n8n_test_url", "replace_url", TEST_URL_ONLY],
    ["from Make", 410, MAKE, "make_scenario_off", "open_make", /^The scenario is off/],
    ["from Make", 400, MAKE, "make_queue_full", "open_make", /queue .* is full/, "Queue is full."],
    [
      "from Make without its queue",
      400,
      MAKE,
      "unexpected_status",
      "receiver_settings",
      /responded with 400/,
      "Bad",
    ],
    [
      "for a full queue, not from Make",
      400,
      {},
      "unexpected_status",
      "receiver_settings",
      /responded with 400/,
      "Queue is full.",
    ],
    [
      "with Retry-After",
      429,
      WAIT,
      "rate_limited",
      "none",
      /It asks to wait 30 s\. OpenSend waits and retries\./,
    ],
    [
      "",
      429,
      {},
      "rate_limited",
      "none",
      /limits its rate \| It did not say how long to wait\. OpenSend waits and retries\./,
    ],
    [
      "to a test",
      429,
      { isTest: true },
      "rate_limited",
      "none",
      /A test is not retried: send it again later\./,
    ],
    ["", 401, {}, "refused", "open_verify", REFUSED],
    ["", 403, {}, "refused", "open_verify", REFUSED],
    ["", 404, {}, "no_receiver", "replace_url", GONE],
    ["", 410, {}, "no_receiver", "replace_url", GONE],
    [
      "",
      302,
      ELSEWHERE,
      "redirect",
      "use_final_url",
      /^It redirected to login\.example\.com \|.*does not follow redirects/,
    ],
    ["without a target", 304, {}, "redirect", "use_final_url", /^It redirected to another address/],
    ["", 405, {}, "rejected", "receiver_settings", /^The receiver rejects POST/],
    ["to 5000 bytes", 413, {}, "rejected", "receiver_settings", /^The receiver rejects 5 kB/],
    ["to 10 bytes", 413, { bodyBytes: 10 }, "rejected", "receiver_settings", /^The receiver rejects 1 kB/],
    ["", 415, {}, "rejected", "receiver_settings", /^The receiver rejects JSON/],
    ["", 500, {}, "receiver_failed", "replay", FAILED],
    ["from n8n", 500, N8N, "receiver_failed", "replay", FAILED, NOT_REGISTERED],
    ["with a reason", 503, {}, "receiver_failed", "replay", FAILED, "worker pool exhausted"],
    ["", 503, {}, "receiver_unavailable", "replay", UNAVAILABLE],
    [
      "of nginx",
      503,
      {},
      "app_unreachable",
      "replay",
      UNREACHED,
      nginxPage("503 Service Temporarily Unavailable"),
    ],
    ["of Envoy", 503, {}, "app_unreachable", "replay", UNREACHED, "no healthy upstream"],
    [
      "of HAProxy",
      503,
      {},
      "app_unreachable",
      "replay",
      UNREACHED,
      "<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>",
    ],
    ["", 502, {}, "app_unreachable", "replay", UNREACHED],
    ["of nginx", 502, {}, "app_unreachable", "replay", UNREACHED, nginxPage("502 Bad Gateway")],
    [
      "of nginx",
      504,
      {},
      "app_unreachable",
      "replay",
      /may still have processed the event/,
      nginxPage("504 Gateway Time-out"),
    ],
    ["of Cloudflare", 521, {}, "app_unreachable", "replay", UNREACHED, "error code: 521"],
    ["with a code", 401, {}, "signature_rejected", "open_verify", SIGNATURE, '{"error":"invalid_signature"}'],
    ["in words", 400, {}, "signature_rejected", "open_verify", SIGNATURE, "No matching signature found"],
    [
      "in Stripe's format",
      400,
      {},
      "signature_rejected",
      "open_verify",
      SIGNATURE,
      "No signatures found matching the expected signature for payload.",
    ],
    [
      "deep in JSON",
      403,
      {},
      "signature_rejected",
      "open_verify",
      SIGNATURE,
      '{"error":{"code":"SignatureMismatch"}}',
    ],
    [
      "on a page",
      500,
      {},
      "signature_rejected",
      "open_verify",
      SIGNATURE,
      "<pre>Error: Webhook signature verification failed<br> at f</pre>",
    ],
    [
      "at an n8n test URL",
      401,
      TEST_URL,
      "signature_rejected",
      "open_verify",
      SIGNATURE,
      '{"message":"HMAC does not match"}',
    ],
    [
      "without one",
      401,
      UNSIGNED,
      "signature_missing",
      "open_verify",
      NO_SIGNATURE,
      '{"detail":"Missing x-opensend-signature header"}',
    ],
    [
      "without one, although there was one",
      401,
      {},
      "signature_missing",
      "open_verify",
      SIGNATURE_LOST,
      '{"detail":"Missing x-opensend-signature header"}',
    ],
    ...[
      "Missing or invalid signature",
      "invalid or missing webhook signature",
      "Signature is missing or does not match",
      "The signature was invalid or missing.",
      "invalid/missing signature",
      '{"error":"missing_or_invalid_signature"}',
      '{"message":"Signature header missing, malformed or invalid"}',
    ].flatMap((body): Row[] => [
      [`that names both: ${body}`, 401, {}, "signature_rejected", "open_verify", SIGNATURE, body],
      [
        `that names both, unsigned: ${body}`,
        401,
        UNSIGNED,
        "signature_missing",
        "open_verify",
        NO_SIGNATURE,
        body,
      ],
    ]),
    [
      "that only one of many is missing",
      401,
      {},
      "signature_missing",
      "open_verify",
      SIGNATURE_LOST,
      "Missing signature or timestamp header",
    ],
    [
      "invalid, unsigned",
      401,
      UNSIGNED,
      "signature_missing",
      "open_verify",
      NO_SIGNATURE,
      "Invalid signature",
    ],
    [
      "because of the timestamp",
      400,
      {},
      "timestamp_rejected",
      "receiver_settings",
      TIMESTAMP,
      "Timestamp outside the tolerance zone",
    ],
    [
      "because of the timestamp, in a code",
      401,
      {},
      "timestamp_rejected",
      "receiver_settings",
      TIMESTAMP,
      '{"code":"timestamp_outside_tolerance"}',
    ],
    [
      "because of the timestamp, as Standard Webhooks words it",
      401,
      {},
      "timestamp_rejected",
      "receiver_settings",
      TIMESTAMP,
      "Message timestamp too old",
    ],
    [
      "with an unrelated time",
      400,
      {},
      "unexpected_status",
      "receiver_settings",
      SAYS_WHY,
      '{"timestamp":1780704000,"error":"Invalid amount"}',
    ],
    [
      "for an unknown reason",
      403,
      {},
      "refused",
      "receiver_settings",
      ITS_REASON,
      '{"message":"This IP is not on the list."}',
    ],
    [
      "with only the status text",
      403,
      {},
      "refused",
      "open_verify",
      REFUSED,
      '{"statusCode":403,"message":"Forbidden"}',
    ],
    [
      "of a framework",
      404,
      {},
      "no_receiver",
      "replace_url",
      GONE,
      '{"message":"Cannot POST /hook","error":"Not Found","statusCode":404}',
    ],
    [
      "of Discord",
      404,
      DISCORD,
      "no_receiver",
      "replace_url",
      GONE,
      '{"message":"Unknown Webhook","code":10015}',
    ],
    ["of another tool", 404, DISCORD, "no_receiver", "replace_url", GONE, "This hook has been retired."],
    ["of an unknown hook", 404, {}, "no_receiver", "replace_url", GONE, '{"error":"unknown_webhook"}'],
    ["of a hook not found", 404, {}, "no_receiver", "replace_url", GONE, "The webhook was not found."],
    ["in one word", 404, {}, "no_receiver", "replace_url", GONE, "no"],
    ["of Go", 404, {}, "no_receiver", "replace_url", GONE, "404 page not found\n"],
    ["of a page", 404, {}, "no_receiver", "replace_url", GONE, "<html><h1>Nothing to see here</h1></html>"],
    ["to a test", 500, { isTest: true }, "receiver_failed", "replay", /Send it again after the fix\.$/],
    ["", 418, {}, "unexpected_status", "receiver_settings", /^The receiver responded with 418/],
  ];

  for (const [when, status, context, code, action, says, body] of ROWS) {
    test(`${status} ${when} is explained as ${code} with action ${action}`.replace("  ", " "), () => {
      const explanation = explain(respond(status, body), { ...CONTEXT, ...context });
      assert.equal(explanation.code, code);
      assert.match(textOf(explanation), says);
      assert.equal(explanation.action_code, action);
    });
  }
});

suite("a failure before a response", () => {
  const MAYBE_PROCESSED =
    /^No response within 15 s \| .* It may still have processed the event\. \| Make the receiver/;
  const NOT_SENT = /^No response within 15 s \| [^.]*\. \| Check that the receiver is reachable from here\.$/;
  const CUT = /^hooks\.example\.com:443 cut the connection \| .* It may still have processed the event\./;
  const PRIVATE =
    /^hooks\.example\.com points to a private address \| OpenSend does not send events into private networks/;
  const NOT_ALLOWED =
    /^This URL is not allowed \| Events go to HTTPS addresses on the public internet only\./;

  const ROWS: readonly [SendFailureCode, SendStage, Action, RegExp][] = [
    ["timeout", "first_byte", "answer_first", MAYBE_PROCESSED],
    ["timeout", "body", "answer_first", MAYBE_PROCESSED],
    ["timeout", "dns", "is_it_running", NOT_SENT],
    ["timeout", "connect", "is_it_running", NOT_SENT],
    ["timeout", "tls", "is_it_running", NOT_SENT],
    ["dns_not_found", "dns", "check_spelling", /^hooks\.example\.com does not resolve/],
    ["dns_failed", "dns", "check_spelling", /^hooks\.example\.com could not be looked up/],
    ["dns_timeout", "dns", "check_spelling", /^hooks\.example\.com was not resolved in time/],
    ["dns_busy", "dns", "replay", /^OpenSend was too busy .* The receiver is not at fault\./],
    ["connection_refused", "connect", "is_it_running", /^hooks\.example\.com:443 refused the connection/],
    ["connection_reset", "first_byte", "is_it_running", CUT],
    ["unreachable", "connect", "is_it_running", /^hooks\.example\.com:443 cannot be reached/],
    ["tls_expired", "tls", "fix_certificate", /^Certificate problem: it has expired/],
    ["tls_not_yet_valid", "tls", "fix_certificate", /^Certificate problem: it is not valid yet/],
    ["tls_self_signed", "tls", "fix_certificate", /^Certificate problem: it is self-signed/],
    ["tls_wrong_name", "tls", "fix_certificate", /^Certificate problem: it is for another name/],
    ["tls_incomplete_chain", "tls", "fix_certificate", /^Certificate problem: its chain is incomplete/],
    [
      "tls_unknown_ca",
      "tls",
      "fix_certificate",
      /^Certificate problem: it is not signed by a trusted CA .* NODE_EXTRA_CA_CERTS/,
    ],
    ["tls_failed", "tls", "fix_certificate", /^Certificate problem: the TLS handshake failed/],
    ["blocked_address", "dns", "allow_list", PRIVATE],
    ["blocked_url", "dns", "replace_url", NOT_ALLOWED],
    ["invalid_response", "body", "is_it_running", /^hooks\.example\.com:443 did not return valid HTTP/],
    ["response_too_large", "first_byte", "receiver_settings", /OpenSend stopped reading at its limit\./],
    ["proxy_failed", "connect", "is_it_running", /outbound proxy .* OPENSEND_OUTBOUND_PROXY/],
    ["credentials_unreadable", "dns", "add_key", /INTEGRATION_SECRET_ENCRYPTION_KEY_PREVIOUS/],
    [
      "interrupted",
      "body",
      "replay",
      /It is unknown whether the receiver got the event\. \| Send it again\.$/,
    ],
    ["internal_error", "dns", "replay", /^OpenSend failed to handle this delivery .* server log/],
  ];

  for (const [code, stage, action, says] of ROWS) {
    test(`${code} at ${stage} has its own wording and action ${action}`, () => {
      const outcome: Outcome = { kind: "failure", failure: { code, stage }, timings: timings(15_003) };
      const explanation = explain(outcome, CONTEXT);
      assert.equal(explanation.code, code);
      assert.match(textOf(explanation), says);
      assert.equal(explanation.action_code, action);
    });
  }

  test("of every kind has a row above", () => {
    const explained = new Set(ROWS.map(([code]) => code));
    assert.deepEqual([...SEND_FAILURE_CODES].sort(), [...explained].sort());
  });

  test("by timeout says how long OpenSend really waited", () => {
    const after = (total: number) =>
      explain(
        { kind: "failure", failure: { code: "timeout", stage: "connect" }, timings: timings(total) },
        CONTEXT,
      );
    assert.equal(after(5_002).title, "No response within 5 s");
    assert.equal(after(80).title, "No response within 1 s");
  });

  test("of the outbound proxy says how it failed", () => {
    const failure = { code: "proxy_failed", stage: "connect", detail: "HTTP 407" } as const;
    const { detail } = explain({ kind: "failure", failure, timings: timings(10) }, CONTEXT);
    assert.match(detail, /failed the connection \(HTTP 407\)\.$/);
  });

  test("of a response that cannot be read says what is wrong with it", () => {
    const detail = "The response has two different Content-Length values.";
    const failure = { code: "invalid_response", stage: "first_byte", detail } as const;
    const explanation = explain({ kind: "failure", failure, timings: timings(10) }, CONTEXT);
    assert.equal(explanation.detail, `${detail} It may still have processed the event.`);
  });

  test("by a limit says that the limit is OpenSend's", () => {
    const detail = "OpenSend reads at most 64 KiB of headers.";
    const failure = { code: "response_too_large", stage: "first_byte", detail } as const;
    const { title } = explain({ kind: "failure", failure, timings: timings(10) }, CONTEXT);
    assert.match(title, /exceeds a limit of OpenSend$/);
  });

  test("by a refused URL says why in the words of the check", () => {
    const detail = "The URL does not start with https://. Enter an https:// URL.";
    const failure = { code: "blocked_url", stage: "dns", detail } as const;
    assert.equal(explain({ kind: "failure", failure, timings: timings(0) }, CONTEXT).detail, detail);
  });
});

suite("a receiver that responds too late", () => {
  const ROWS = [
    [
      "n8n",
      /set Respond of the Webhook node to Immediately\. Until it does, each retry runs the workflow again\.$/,
    ],
    ["make", /In Make, .* each retry runs the scenario again\.$/],
    ["zapier", /each retry runs the Zap again\.$/],
    [
      "custom",
      /do the work later, or raise the timeout of this connection \(at most 60 s\)\. Until it does, each retry has it process the event again\.$/,
    ],
  ] as const;
  for (const [receiver, says] of ROWS) {
    test(`at ${receiver} says what a retry does`, () => {
      const failure = { code: "timeout", stage: "first_byte" } as const;
      const outcome = { kind: "failure", failure, timings: timings(15_000) } as const;
      assert.match(explain(outcome, { ...CONTEXT, receiver }).action, says);
    });
  }
});

suite("a timeout", () => {
  const timeoutOf = (timeoutSeconds: number | null, stage: SendStage, totalMs: number) => {
    const outcome = {
      kind: "failure",
      failure: { code: "timeout", stage },
      timings: timings(totalMs),
    } as const;
    return explain(outcome, { ...CONTEXT, timeoutSeconds });
  };

  test("names the connection's timeout, however late it was noticed", () => {
    assert.equal(timeoutOf(20, "first_byte", 20_900).title, "No response within 20 s");
    assert.equal(timeoutOf(1, "body", 1_040).title, "No response within 1 s");
  });

  test("names the elapsed time when connecting timed out first", () => {
    assert.equal(timeoutOf(60, "tls", 5_010).title, "No response within 5 s");
  });

  test("suggests a longer one only if there is one", () => {
    assert.match(timeoutOf(59, "first_byte", 59_000).action, /raise the timeout of this connection/);
    assert.doesNotMatch(timeoutOf(60, "first_byte", 60_000).action, /raise/);
  });

  test("names no time when none is known", () => {
    assert.equal(timeoutOf(null, "first_byte", 0).title, "No response in time");
  });
});

suite("a delivered event", () => {
  const ROWS = [
    ["zapier", "Zapier accepted it (200). That does not prove the Zap ran."],
    ["make", "Make accepted it (200). That does not prove the scenario ran."],
    ["n8n", "n8n accepted it (200). That does not prove the workflow finished."],
    ["pipedream", "Pipedream accepted it (200). That does not prove the workflow finished."],
    ["slack", "Slack accepted it (200). That does not prove that a message was posted."],
    ["discord", "Discord accepted it (200). That does not prove that a message was posted."],
    ["custom", "The receiver accepted it (200). That does not prove that it was processed."],
  ] as const;

  for (const [receiver, detail] of ROWS) {
    test(`at ${receiver} claims no more than is known`, () => {
      assert.deepEqual(explain(respond(200), { ...CONTEXT, receiver }), {
        code: "delivered",
        title: "Delivered",
        detail,
        action: "",
        action_code: "none",
      });
    });
  }

  test("at an n8n test URL says that it is one", () => {
    const explanation = explain(respond(200), { ...CONTEXT, receiver: "n8n", isN8nTestUrl: true });
    assert.equal(explanation.code, "delivered");
    assert.match(
      explanation.detail,
      /This is an n8n test URL: it works only while the editor is listening\.$/,
    );
    assert.equal(explanation.action_code, "replace_url");
  });

  test("is any 2xx, also at an n8n test URL, and nothing else", () => {
    const context = { ...CONTEXT, isN8nTestUrl: true };
    for (const status of [200, 201, 202, 204, 299]) {
      assert.equal(explain(respond(status), context).code, "delivered", String(status));
    }
    for (const status of [199, 300, 404]) {
      assert.notEqual(explain(respond(status), context).code, "delivered", String(status));
    }
  });
});

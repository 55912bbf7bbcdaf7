import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { opensendSignature } from "../../../../src/crypto/opensend-signature.ts";
import { standardWebhooksSignature } from "../../../../src/crypto/standard-webhooks.ts";
import { checkRequest } from "./check-request.ts";

const SECRET = "schlüssel 鍵";
const WHSEC = `whsec_${Buffer.alloc(32, 0xfb).toString("base64")}`;
const ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const SIGNED_S = 1_780_704_000;
const SIGNED_MS = SIGNED_S * 1000;
const MINUTE_MS = 60_000;
const BODY = '{"type":"order.paid","data":{"name":"Käse 🧀"}}';

const BOTH_VALID = ["x-opensend-signature is valid.", "webhook-signature is valid."];
const OTHER = "is invalid: the body was changed, or the secret is a different one.";

function standard(secret: string): string {
  return standardWebhooksSignature(secret, { id: ID, timestamp: SIGNED_S, body: BODY });
}

type Change = {
  readonly secret?: string;
  readonly body?: string;
  /** Headers to replace; null removes a header. */
  readonly headers?: Readonly<Record<string, string | null>>;
};

function request({ secret = SECRET, body = BODY, headers = {} }: Change = {}): string {
  const sent: Record<string, string | null> = {
    Host: "example.com",
    "Webhook-Id": ID,
    "X-OpenSend-Timestamp": String(SIGNED_S),
    "x-opensend-signature": opensendSignature(secret, SIGNED_S, BODY),
    "webhook-timestamp": String(SIGNED_S),
    "webhook-signature": standard(secret),
    ...headers,
  };
  const lines = Object.entries(sent).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return ["POST /hook HTTP/1.1", ...lines, "", body].join("\r\n");
}

suite("both signatures of an unchanged request are valid", () => {
  for (const secret of [SECRET, WHSEC]) {
    test(`with ${secret === WHSEC ? "a whsec_ secret" : "any other secret"}`, async () => {
      const verdict = await checkRequest(request({ secret }), secret, SIGNED_MS);
      assert.deepEqual(verdict, { isValid: true, lines: BOTH_VALID });
    });
  }

  test("up to five minutes later", async () => {
    assert.ok((await checkRequest(request(), SECRET, SIGNED_MS + 5 * MINUTE_MS)).isValid);
  });

  test("when copying changed line breaks or added some at the end", async () => {
    const copied = `\n${request().replaceAll("\r\n", "\n")}\n\n`;
    assert.deepEqual((await checkRequest(copied, SECRET, SIGNED_MS)).lines, BOTH_VALID);
  });

  test("with the previous secret after a rotation, which the result says", async () => {
    const headers = {
      "x-opensend-signature-previous": opensendSignature(SECRET, SIGNED_S, BODY),
      "webhook-signature": `${standard(WHSEC)} ${standard(SECRET)}`,
    };
    const rotated = request({ secret: WHSEC, headers });
    assert.deepEqual((await checkRequest(rotated, WHSEC, SIGNED_MS)).lines, BOTH_VALID);
    assert.deepEqual(await checkRequest(rotated, SECRET, SIGNED_MS), {
      isValid: true,
      lines: [
        "x-opensend-signature-previous is valid. The signature was created with the previous secret.",
        "webhook-signature is valid. Entry 2 of 2 was created with the previous secret.",
      ],
    });
  });
});

suite("each signature is verified on its own", () => {
  const check = async (change: Change, secret = SECRET, nowMs = SIGNED_MS) =>
    checkRequest(request(change), secret, nowMs);

  test("and one alone is enough", async () => {
    assert.deepEqual(await check({ headers: { "webhook-signature": null } }), {
      isValid: true,
      lines: ["x-opensend-signature is valid.", "webhook-signature is not in the pasted request."],
    });
    assert.deepEqual(await check({ headers: { "x-opensend-signature": null } }), {
      isValid: true,
      lines: ["x-opensend-signature is not in the pasted request.", "webhook-signature is valid."],
    });
  });

  test("so an invalid signature is reported next to a valid one", async () => {
    assert.deepEqual(await check({ headers: { "webhook-signature": standard("another") } }), {
      isValid: false,
      lines: ["x-opensend-signature is valid.", `webhook-signature ${OTHER}`],
    });
    assert.deepEqual(await check({ headers: { "Webhook-Id": "another" } }), {
      isValid: false,
      lines: ["x-opensend-signature is valid.", `webhook-signature ${OTHER}`],
    });
  });

  test("and the result says why it is invalid", async () => {
    const both = (why: string) => [`x-opensend-signature ${why}`, `webhook-signature ${why}`];
    const ago = "is invalid: it was created 12 min ago, and receivers reject what is older than 5 min.";
    const ahead =
      "is invalid: it was created 12 min ahead of this clock, and receivers reject more than 5 min.";
    const lines = async (...given: Parameters<typeof check>) => (await check(...given)).lines;
    assert.deepEqual(await lines({ body: BODY.replace("paid", "gone") }), both(OTHER));
    assert.deepEqual(await lines({ secret: "another" }), both(OTHER));
    assert.deepEqual(await lines({}, SECRET, SIGNED_MS + 12 * MINUTE_MS), both(ago));
    assert.deepEqual(await lines({}, SECRET, SIGNED_MS - 12 * MINUTE_MS), both(ahead));
    const headers = { "X-OpenSend-Timestamp": "soon", "Webhook-Id": null };
    assert.deepEqual(await lines({ headers }), [
      "x-opensend-signature is invalid: x-opensend-timestamp is not a whole number of seconds.",
      "webhook-signature is invalid: the webhook-id header is missing.",
    ]);
    assert.deepEqual(await lines({ headers: { "X-OpenSend-Timestamp": null, "webhook-timestamp": null } }), [
      "x-opensend-signature is invalid: the x-opensend-timestamp header is missing.",
      "webhook-signature is invalid: the webhook-timestamp header is missing.",
    ]);
  });

  test("and a secret that libraries reject is named as the reason", async () => {
    const [own, library] = (await check({ secret: "whsec_short" }, "whsec_short")).lines;
    assert.equal(own, "x-opensend-signature is valid.");
    assert.match(library ?? "", /^webhook-signature is invalid: the secret is malformed\. .*24 to 64 bytes/);
  });
});

test("a text that is not a signed request is reported as such", async () => {
  const none = "The pasted request has no x-opensend-signature and no webhook-signature header.";
  const noBody = "The pasted request has no body. The body follows the headers after an empty line.";
  assert.deepEqual(await checkRequest("", SECRET, SIGNED_MS), { isValid: false, lines: [none] });
  const bodiless = request({ body: "" });
  assert.deepEqual(await checkRequest(bodiless, SECRET, SIGNED_MS), { isValid: false, lines: [noBody] });
});

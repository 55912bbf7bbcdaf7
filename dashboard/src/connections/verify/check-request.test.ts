import assert from "node:assert/strict";
import { test } from "node:test";
import { opensendSignature } from "../../../../src/crypto/opensend-signature.ts";
import { checkRequest } from "./check-request.ts";

const SECRET = "schlüssel 鍵";
const SIGNED_S = 1_780_704_000;
const SIGNED_MS = SIGNED_S * 1000;
const BODY = '{"type":"order.paid","data":{"name":"Käse 🧀"}}';

function request({ body = BODY, secret = SECRET, name = "x-opensend-signature" } = {}): string {
  return [
    "POST /hook HTTP/1.1",
    "Host: example.com",
    `X-OpenSend-Timestamp: ${SIGNED_S}`,
    `${name}: ${opensendSignature(secret, SIGNED_S, BODY)}`,
    "",
    body,
  ].join("\r\n");
}

test("holds for a request as it was sent, up to five minutes later", async () => {
  assert.deepEqual(await checkRequest(request(), SECRET, SIGNED_MS), {
    holds: true,
    text: "The signature holds.",
  });
  assert.ok((await checkRequest(request(), SECRET, SIGNED_MS + 300_000)).holds);
});

test("holds when copying broke lines differently or added some at the end", async () => {
  const copied = `\n${request().replaceAll("\r\n", "\n")}\n\n`;
  assert.ok((await checkRequest(copied, SECRET, SIGNED_MS)).holds);
});

test("holds with the secret before a rotation, and says so", async () => {
  const rotated = request().replace(
    "\r\n\r\n",
    `\r\nx-opensend-signature-previous: ${"0".repeat(64)}\r\n\r\n`,
  );
  assert.equal((await checkRequest(rotated, SECRET, SIGNED_MS)).text, "The signature holds.");
  const old = request({ secret: "another" }).replace(
    "\r\n\r\n",
    `\r\nx-opensend-signature-previous: ${opensendSignature(SECRET, SIGNED_S, BODY)}\r\n\r\n`,
  );
  const verdict = await checkRequest(old, SECRET, SIGNED_MS);
  assert.ok(verdict.holds);
  assert.match(verdict.text, /before the rotation/);
});

test("says why it does not hold", async () => {
  const minute = 60_000;
  for (const [pasted, nowMs, words] of [
    [
      request({ body: BODY.replace("paid", "gone") }),
      SIGNED_MS,
      "The body was changed or the secret is another.",
    ],
    [request({ secret: "another" }), SIGNED_MS, "The body was changed or the secret is another."],
    [request(), SIGNED_MS + 12 * minute, "Signed 12 min ago: receivers refuse what is older than 5 min."],
    [
      request(),
      SIGNED_MS - 12 * minute,
      "Signed 12 min ahead of this clock: receivers refuse more than 5 min.",
    ],
    [request({ name: "x-other" }), SIGNED_MS, "No x-opensend-signature header in what you pasted."],
    [
      request().replace(/.*Timestamp.*\r\n/, ""),
      SIGNED_MS,
      "No x-opensend-timestamp header in what you pasted.",
    ],
    [
      request().replace(String(SIGNED_S), "soon"),
      SIGNED_MS,
      "The timestamp is not a whole number of seconds.",
    ],
    [
      request({ body: "" }),
      SIGNED_MS,
      "No body in what you pasted. It follows the headers after an empty line.",
    ],
    ["", SIGNED_MS, "No x-opensend-signature header in what you pasted."],
  ] as const) {
    assert.deepEqual(await checkRequest(pasted, SECRET, nowMs), { holds: false, text: words });
  }
});

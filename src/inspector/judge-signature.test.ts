import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildRequest } from "../connectors/webhook/build-request.ts";
import type { PreviousSecret } from "../domain/connection.ts";
import { type JudgingSecrets, judgeSignature } from "./judge-signature.ts";

const NOW = 1_780_000_000_000;
const SECRET = "the connection's secret";
const BEFORE = "the secret before";
const WHSEC = `whsec_${Buffer.from("0123456789abcdefghijklmnopqrstuv").toString("base64")}`;

/** The request that the webhook connector really sends. */
function sent(signingSecret: string | null, previousSecret: PreviousSecret | null = null) {
  const { headers, body } = buildRequest({
    credentials: { webhookUrl: "https://inspector.invalid/w", signingSecret, previousSecret },
    eventId: "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11",
    body: '{"type":"order.paid","created_at":"2026-06-06T00:00:00.000Z","data":{"name":"名前"}}',
    timestampSeconds: NOW / 1000,
    version: "0.1.0",
    traceContext: null,
  });
  return { headers, body, arrivedAt: NOW };
}

function checking(secret: string, before: string | null = null): JudgingSecrets {
  const connection = [
    { name: "connection", secret } as const,
    ...(before === null ? [] : [{ name: "previous", secret: before } as const]),
  ];
  return { checked: connection, connection };
}

function checkingOwn(own: string): JudgingSecrets {
  return { checked: [{ name: "own", secret: own }], connection: checking(SECRET).connection };
}

function without(headers: Readonly<Record<string, string>>, ...names: string[]) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

describe("the verdict on a signature", () => {
  it("is valid with the secret that signed, and names the header and the secret", () => {
    for (const secret of [SECRET, WHSEC]) {
      const verdict = judgeSignature(sent(secret), checking(secret));
      assert.deepEqual(verdict, { code: "valid", header: "x-opensend-signature", secret: "connection" });
    }
  });

  it("is valid with the Standard Webhooks signature alone", () => {
    for (const secret of [SECRET, WHSEC]) {
      const request = sent(secret);
      const headers = without(request.headers, "x-opensend-signature", "x-opensend-timestamp");
      const verdict = judgeSignature({ ...request, headers }, checking(secret));
      assert.deepEqual(verdict, { code: "valid", header: "webhook-signature", secret: "connection" });
    }
  });

  it("is valid during a rotation with either secret", () => {
    const request = sent(SECRET, { secret: BEFORE, expiresAt: NOW + 1 });
    assert.equal(judgeSignature(request, checking(SECRET, BEFORE)).secret, "connection");
    const old = judgeSignature(request, { ...checkingOwn(BEFORE) });
    assert.deepEqual(old, { code: "valid", header: "x-opensend-signature-previous", secret: "own" });
    const late = sent(SECRET, { secret: BEFORE, expiresAt: NOW });
    assert.equal(judgeSignature(late, checkingOwn(BEFORE)).code, "other_secret");
  });

  it("reports a missing signature, and a missing secret to verify with", () => {
    assert.equal(judgeSignature(sent(null), checking(SECRET)).code, "unsigned");
    assert.equal(judgeSignature(sent(null), { checked: [], connection: [] }).code, "unsigned");
    assert.equal(judgeSignature(sent(SECRET), { checked: [], connection: [] }).code, "no_secret");
  });

  it("distinguishes another secret from an altered body", () => {
    assert.equal(judgeSignature(sent(SECRET), checkingOwn("a wrong one")).code, "other_secret");
    const { body, ...request } = sent(SECRET);
    const altered = { ...request, body: body.replace("order", "Order") };
    assert.equal(judgeSignature(altered, checking(SECRET)).code, "mismatch");
    assert.equal(judgeSignature(altered, checkingOwn("a wrong one")).code, "mismatch");
    assert.equal(judgeSignature(sent("replaced since"), checking(SECRET)).code, "mismatch");
  });

  it("accepts a timestamp up to five minutes off in either direction", () => {
    for (const [awayMs, code] of [
      [300_000, "valid"],
      [300_001, "stale_timestamp"],
      [-300_000, "valid"],
      [-300_001, "stale_timestamp"],
    ] as const) {
      const verdict = judgeSignature({ ...sent(SECRET), arrivedAt: NOW + awayMs }, checking(SECRET));
      assert.equal(verdict.code, code, String(awayMs));
    }
    const old = { ...sent(SECRET), arrivedAt: NOW + 3_600_000 };
    assert.equal(judgeSignature(old, checking(SECRET)).header, "x-opensend-timestamp");
    assert.equal(judgeSignature(old, checking("wrong")).code, "mismatch", "the signature comes first");
  });

  it("names the malformed or missing header", () => {
    const request = sent(SECRET);
    const cases: readonly [string, Record<string, string>][] = [
      ["x-opensend-signature", { "x-opensend-signature": "ABC" }],
      ["x-opensend-signature", { "x-opensend-signature": "" }],
      ["x-opensend-signature-previous", { "x-opensend-signature-previous": "sha256=00" }],
      ["x-opensend-timestamp", { "x-opensend-timestamp": "yesterday" }],
      ["x-opensend-timestamp", { "x-opensend-timestamp": "01780000000" }],
      ["webhook-signature", { "webhook-signature": "v1a,short v2,x" }],
      ["webhook-timestamp", { "webhook-timestamp": "1e9" }],
      ["webhook-id", { "webhook-id": "" }],
    ];
    for (const [header, change] of cases) {
      const verdict = judgeSignature(
        { ...request, headers: { ...request.headers, ...change } },
        checking(SECRET),
      );
      assert.deepEqual(verdict, { code: "malformed_header", header, secret: null });
    }
    const missing = { ...request, headers: without(request.headers, "x-opensend-timestamp") };
    assert.equal(judgeSignature(missing, checking(SECRET)).header, "x-opensend-timestamp");
  });

  it("skips entries of other versions", () => {
    const request = sent(SECRET);
    const headers = {
      ...without(request.headers, "x-opensend-signature", "x-opensend-timestamp"),
      "webhook-signature": `v1a,abc ${request.headers["webhook-signature"]}`,
    };
    assert.equal(judgeSignature({ ...request, headers }, checking(SECRET)).code, "valid");
  });
});

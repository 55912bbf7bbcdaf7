import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ComparedAttempt, compareAttempts } from "./compare-attempts.ts";

const WORKED: ComparedAttempt = {
  eventType: "order.paid",
  requestHeaders: {
    "content-type": "application/json",
    "user-agent": "OpenSend/1.0.0",
    "webhook-id": "a",
    "webhook-timestamp": "1",
    "webhook-signature": "v1,a",
  },
  bodyBytes: 100,
  data: { order: 1, lines: [], note: null },
  response: { status: 200, headers: { server: "nginx", date: "Mon" } },
  errorCode: null,
  timings: { dns: 1, connect: 2, tls: 3, sent: null, first_byte: 20, total: 26 },
};

const differences = (changed: Partial<ComparedAttempt>) =>
  compareAttempts(WORKED, { ...WORKED, ...changed }).map(({ part, name, before, after }) =>
    [part, name, before, after].join(" "),
  );

describe("comparing two attempts", () => {
  it("finds no difference between equal attempts, ignoring what always differs", () => {
    const requestHeaders = {
      ...WORKED.requestHeaders,
      "webhook-id": "b",
      "webhook-timestamp": "2",
      "webhook-signature": "v1,b v1,c",
    };
    const response = { status: 200, headers: { server: "nginx", date: "Tue", "x-request-id": "7" } };
    assert.deepEqual(differences({ requestHeaders, response }), []);
  });

  it("reports added, removed and changed headers, and only the presence of a signature", () => {
    const { "webhook-signature": _signature, ...unsigned } = WORKED.requestHeaders;
    const requestHeaders = {
      ...unsigned,
      "content-type": "text/plain",
      "x-opensend-signature-previous": "f00",
    };
    const found = compareAttempts(WORKED, { ...WORKED, requestHeaders });
    assert.deepEqual(
      found.map(({ side, name, before, after }) => [side, name, before, after]),
      [
        ["sender", "content-type", "application/json", "text/plain"],
        ["sender", "webhook-signature", "present", null],
        ["sender", "x-opensend-signature-previous", null, "present"],
      ],
    );
    assert.ok(!JSON.stringify(found).includes("f00"));
  });

  it("reports another version of OpenSend as such", () => {
    const requestHeaders = { ...WORKED.requestHeaders, "user-agent": "OpenSend/2.0.0" };
    assert.deepEqual(differences({ requestHeaders }), ["version  OpenSend/1.0.0 OpenSend/2.0.0"]);
  });

  it("names members that were added, removed or changed their type, and never their values", () => {
    const data = { order: "a secret order", note: { by: "a secret person" }, added: ["a secret line"] };
    const found = compareAttempts(WORKED, { ...WORKED, data });
    assert.deepEqual(
      found.map(({ part, name, before, after }) => [part, name, before, after]),
      [
        ["body_member", "order", "number", "string"],
        ["body_member", "lines", "array", null],
        ["body_member", "note", "null", "object"],
        ["body_member", "added", null, "array"],
      ],
    );
    assert.ok(!JSON.stringify(found).includes("secret"));
  });

  it("reports members with names that every object has", () => {
    const data = JSON.parse('{"order": 1, "lines": [], "note": null, "__proto__": 1, "constructor": 2}');
    assert.deepEqual(differences({ data }), [
      "body_member __proto__  number",
      "body_member constructor  number",
    ]);
  });

  it("limits the number of members and the length of texts", () => {
    const data = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, 1]));
    assert.equal(differences({ data }).length, 50);
    const response = { status: 200, headers: { server: "x".repeat(10_000) } };
    const [only] = compareAttempts(WORKED, { ...WORKED, response });
    assert.ok((only?.after?.length ?? 0) < 250);
  });

  it("reports a much larger body, but not a few bytes more", () => {
    assert.deepEqual(differences({ bodyBytes: 190 }), []);
    assert.deepEqual(differences({ bodyBytes: 900 }), []);
    assert.deepEqual(differences({ bodyBytes: 90_000 }), ["body_size  100 bytes 90000 bytes"]);
  });

  it("reports only the event type when it differs, not the members", () => {
    assert.deepEqual(differences({ eventType: "user.created", data: {}, bodyBytes: 90_000 }), [
      "event_type  order.paid user.created",
    ]);
  });

  it("reports what changed in the receiver's response", () => {
    const headers = { server: "cloudflare", location: "https://example.com/login", date: "Tue" };
    assert.deepEqual(differences({ response: { status: 302, headers } }), [
      "response_status  200 302",
      "response_header server nginx cloudflare",
      "response_header location  https://example.com/login",
    ]);
  });

  it("reports a missing response by its error code", () => {
    assert.deepEqual(differences({ response: null, errorCode: "timeout" }), ["response_status  200 timeout"]);
    assert.deepEqual(differences({ response: null }), ["response_status  200 no response"]);
  });

  it("reports the stages that take three times as long, or the total when no stage does", () => {
    const slow = { dns: 3, connect: null, tls: 200, sent: null, first_byte: 5_000, total: 5_203 };
    assert.deepEqual(differences({ timings: slow }), [
      "timing tls 3 ms 200 ms",
      "timing first_byte 20 ms 5000 ms",
    ]);
    const whole = { dns: null, connect: null, tls: null, sent: null, first_byte: null, total: 15_000 };
    assert.deepEqual(differences({ timings: whole }), ["timing total 26 ms 15000 ms"]);
  });
});

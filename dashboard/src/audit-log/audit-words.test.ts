import assert from "node:assert/strict";
import { test } from "node:test";
import { actionWords, detailWords, targetWords } from "./audit-words.ts";

test("names an action in plain words, even an unknown one", () => {
  assert.equal(actionWords("connection.secret_rotated"), "Connection secret rotated");
  assert.equal(actionWords("api_key.revoked"), "API key revoked");
  assert.equal(actionWords("session.failed"), "Sign-in failed");
  assert.equal(targetWords("api_key"), "API key");
  assert.equal(targetWords("connection"), "Connection");
});

test("summarizes an entry in a line, without the name shown elsewhere", () => {
  const metadata = {
    name: "Orders",
    changed: ["name", "event_types"],
    has_signing_secret: false,
    reason: null,
  };
  assert.equal(detailWords({ metadata }), "changed: name, event types · has signing secret: no");
  assert.equal(detailWords({ metadata: {} }), "");
});

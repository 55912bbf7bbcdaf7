import assert from "node:assert/strict";
import { test } from "node:test";
import {
  changeWords,
  differenceName,
  mayHaveOwnChange,
  moreChangesWords,
  shownDifferences,
  valueWords,
} from "./comparison-words.ts";

const difference = { side: "receiver", part: "timing", name: "tls", before: "3 ms", after: null } as const;
const change = {
  at: "2026-06-06T00:00:00.000Z",
  action: "connection.updated",
  by: { kind: "user", name: "Ada" },
  fields: ["webhook_url", "event_types"],
};

test("labels each difference in plain words", () => {
  assert.equal(differenceName(difference), "TLS handshake");
  assert.equal(differenceName({ ...difference, part: "body_member", name: "total" }), "data.total");
  assert.equal(
    differenceName({ ...difference, part: "response_header", name: "server" }),
    "Response header server",
  );
});

test("names a missing value and the error of an attempt in words", () => {
  assert.equal(valueWords({ ...difference, part: "body_member" }, null), "Not in the data");
  assert.equal(valueWords({ ...difference, part: "response_header" }, null), "None");
  assert.equal(
    valueWords({ ...difference, part: "response_status" }, "connection_refused"),
    "connection refused",
  );
  assert.equal(valueWords({ ...difference, part: "request_header" }, "a_b"), "a_b");
});

test("describes a connection change with its fields", () => {
  assert.equal(changeWords(change), "Connection updated: webhook URL, event types");
  assert.equal(
    changeWords({ ...change, action: "connection.secret_rotated", fields: [] }),
    "Connection secret rotated",
  );
});

test("recognizes changes on OpenSend's side", () => {
  const comparison = {
    last_success: { delivery_id: "1", event_type: "a", attempt_number: 1, at: change.at },
    failure: { attempt_number: 1, at: change.at },
    has_more_changes: false,
  };
  assert.equal(mayHaveOwnChange({ ...comparison, differences: [difference], connection_changes: [] }), false);
  assert.equal(
    mayHaveOwnChange({ ...comparison, differences: [difference], connection_changes: [change] }),
    true,
  );
  const ours = { ...difference, side: "sender", part: "version" } as const;
  assert.equal(mayHaveOwnChange({ ...comparison, differences: [ours], connection_changes: [] }), true);
  const unread = { ...comparison, has_more_changes: true, differences: [] };
  assert.equal(mayHaveOwnChange({ ...unread, connection_changes: [] }), true, "some were not looked at");
  assert.match(moreChangesWords({ ...unread, connection_changes: [] }), /^Too many changes/);
  assert.match(moreChangesWords({ ...unread, connection_changes: [change] }), /^Earlier changes/);
});

test("does not compare payloads of different event types", () => {
  const body = { ...difference, part: "body_member", name: "total" } as const;
  const size = { ...difference, part: "body_size", name: null } as const;
  assert.deepEqual(shownDifferences([difference, body, size], true), [difference, body, size]);
  assert.deepEqual(shownDifferences([difference, body, size], false), [difference]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { expiryAfter, lifetimeLike } from "./lifetimes.ts";

const CREATED = "2026-01-01T00:00:00.000Z";

test("a key expires after the chosen days, or never", () => {
  assert.equal(expiryAfter("30", Date.parse(CREATED)), "2026-01-31T00:00:00.000Z");
  assert.equal(expiryAfter("", Date.parse(CREATED)), null);
});

test("a key's replacement lives about as long as the key", () => {
  const after = (expires_at: string | null) => lifetimeLike({ created_at: CREATED, expires_at });
  assert.equal(after(null), "");
  assert.equal(after("2026-01-02T00:00:00.000Z"), "30");
  assert.equal(after("2026-01-30T23:59:59.000Z"), "30");
  assert.equal(after("2026-03-01T00:00:00.000Z"), "30");
  assert.equal(after("2026-04-01T00:00:05.000Z"), "90");
  assert.equal(after("2029-01-01T00:00:00.000Z"), "365");
});

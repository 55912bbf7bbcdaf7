import assert from "node:assert/strict";
import { test } from "node:test";
import { searchable } from "./searchable.ts";

test("leaves nothing of a URL but its host", () => {
  assert.equal(searchable("https://hooks.zapier.com/hooks/catch/1/s3cr3t"), "hooks.zapier.com");
  assert.equal(searchable(" HTTP://u:s3cr3t@example.com:8080/a?token=s3cr3t#x"), "example.com");
  assert.equal(searchable("https://example.com?token=s3cr3t"), "example.com");
  assert.equal(searchable("test https://example.com/s3cr3t"), "example.com");
  assert.equal(searchable("hook.eu2.make.com/s3cr3t"), "hook.eu2.make.com");
  assert.equal(searchable("https://"), "");
});

test("takes anything else as it was typed", () => {
  const others = [
    "",
    "orders",
    "Webhook / Zapier",
    "hooks.zapier.com",
    "01a2131a-55ce-7174-a6b3-5e7ad7d84e1c",
  ];
  for (const text of others) assert.equal(searchable(text), text);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { searchable } from "./searchable.ts";

const OWN = "https://opensend.example.com";
const ID = "01a2131a-55ce-7174-a6b3-5e7ad7d84e1c";

const LEFT: Record<string, string> = {
  "https://hooks.zapier.com/hooks/catch/1/s3cr3t": "hooks.zapier.com",
  " HTTP://u:s3cr3t@example.com:8080/a?token=s3cr3t#x": "example.com",
  "https://example.com?token=s3cr3t": "example.com",
  "test https://example.com/s3cr3t": "example.com",
  "hook.eu2.make.com/s3cr3t": "hook.eu2.make.com",
  "https://": "",
  [`https://n8n.example.com/webhook/${ID}`]: "n8n.example.com",
  [`${OWN}.example.net/webhook/${ID}`]: "opensend.example.com.example.net",
};

for (const [typed, left] of Object.entries(LEFT)) {
  test(`reduces ${typed} to its host`, () => assert.equal(searchable(typed, OWN), left));
}

test("leaves other text unchanged, including a URL of this dashboard, for its id", () => {
  const others = ["", "orders", "Webhook / Zapier", "hooks.zapier.com", ID, `${OWN}/deliveries/${ID}`];
  for (const text of others) assert.equal(searchable(text, OWN), text);
});

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { detectReceiver, isN8nTestUrl } from "./detect-receiver.ts";

suite("the receiver behind a URL", () => {
  const ROWS: Record<string, readonly string[]> = {
    zapier: [
      "https://hooks.zapier.com/hooks/catch/123/abc",
      "https://HOOKS.Zapier.com/hooks/catch/123/abc",
      "https://hooks.zapier.com./hooks/catch/123/abc",
    ],
    make: [
      "https://hook.eu1.make.com/token",
      "https://hook.us2.make.com/token",
      "https://hook.make.com/token",
      "https://hook.us1.make.celonis.com/token",
      "https://hook.integromat.com/token",
    ],
    n8n: [
      "https://acme.app.n8n.cloud/webhook/1",
      "https://n8n.example.com/webhook/3f0c0f2e-2a3f-4b6b-9c57-5b1f0c2a7e11",
      "https://n8n.example.com/webhook-test/3f0c0f2e-2a3f-4b6b-9c57-5b1f0c2a7e11",
      "http://localhost:5678/webhook-test/orders",
    ],
    pipedream: ["https://eo1a2b3c.m.pipedream.net", "https://en1a2b3c.x.pipedream.net/path"],
    slack: ["https://hooks.slack.com/services/T0/B0/x", "https://hooks.slack-gov.com/services/T0/B0/x"],
    discord: [
      "https://discord.com/api/webhooks/1/x",
      "https://discord.com/api/v10/webhooks/1/x",
      "https://canary.discord.com/api/webhooks/1/x",
      "https://discordapp.com/api/webhooks/1/x",
    ],
    custom: [
      "https://example.com/hooks/catch/123/abc",
      "https://hooks.zapier.com.example.com/hooks/catch/123/abc",
      "https://hooks-zapier.com/hooks/catch/123/abc",
      "https://zapier.com/hooks/catch/123/abc",
      "https://example.com/?to=hooks.zapier.com",
      "https://hook.eu2.make.com.example.com/token",
      "https://www.make.com/token",
      "https://notpipedream.net/",
      "https://discord.com/channels/1",
      "https://example.com/webhook",
      "https://example.com/webhook/",
      "https://example.com/webhooks/1",
      "https://10.0.0.7/",
      "https://[2001:db8::1]/",
    ],
  };

  for (const [receiver, urls] of Object.entries(ROWS)) {
    for (const url of urls) {
      test(`${url} is ${receiver}`, () => assert.equal(detectReceiver(new URL(url)), receiver));
    }
  }
});

test("an n8n test URL is recognized by its path on any host", () => {
  assert.ok(isN8nTestUrl(new URL("https://acme.app.n8n.cloud/webhook-test/1")));
  assert.ok(isN8nTestUrl(new URL("http://localhost:5678/webhook-test/orders?x=1")));
  for (const path of ["/webhook/1", "/webhook-test", "/in/webhook-test/1", "/?/webhook-test/1"]) {
    assert.ok(!isN8nTestUrl(new URL(path, "https://n8n.example.com")), path);
  }
});

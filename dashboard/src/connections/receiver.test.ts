import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "./receiver.ts";
import { nameFor } from "./receiver-name.ts";

test("names a connection after the tool that its URL belongs to", () => {
  assert.equal(nameFor(parseUrl(" https://hooks.zapier.com/hooks/catch/1/a ")), "Zapier catch hook");
  assert.equal(nameFor(parseUrl("https://hook.eu2.make.com/token")), "Make webhook");
  assert.equal(nameFor(parseUrl("https://acme.app.n8n.cloud/webhook/1")), "n8n webhook");
  assert.equal(nameFor(parseUrl("https://eo1.m.pipedream.net")), "Pipedream workflow");
});

test("leaves the name empty for an unknown receiver and an incomplete URL", () => {
  assert.equal(nameFor(parseUrl("https://example.com/hook")), "");
  assert.equal(nameFor(parseUrl("https:/")), "");
});

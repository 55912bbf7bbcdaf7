import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { CONNECTORS, findConnector } from "./registry.ts";
import { webhook } from "./webhook/webhook.ts";

suite("the registry", () => {
  test("ships the webhook connector", () => assert.ok(CONNECTORS.includes(webhook)));

  test("finds each connector by its provider", () => {
    for (const connector of CONNECTORS) assert.equal(findConnector(connector.provider), connector);
  });

  for (const provider of ["", "Webhook", "webhook ", "zapier", "constructor", "__proto__"]) {
    test(`knows no provider "${provider}"`, () => assert.equal(findConnector(provider), null));
  }
});

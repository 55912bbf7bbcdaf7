import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { actionsFor, connectionNameIn, testAction, titleMatches } from "./actions.ts";

const titles = (reason: string | null) =>
  actionsFor(reason, "dark")
    .filter(({ blocked }) => blocked !== null)
    .map(({ title }) => title);

describe("an action of the palette", () => {
  it("is blocked for viewers if it changes something", () => {
    assert.deepEqual(titles(null), []);
    assert.deepEqual(titles("Ask."), ["Connect another", "Replay deliveries", "Create API key"]);
  });

  it("tests a connection unless it is disconnected", () => {
    const connection = { id: "1", name: "Orders", isDisconnected: false };
    assert.equal(testAction(connection, null).blocked, null);
    assert.equal(testAction(connection, "Ask.").blocked, "Ask.");
    assert.match(testAction({ ...connection, isDisconnected: true }, null).blocked ?? "", /disconnected/);
  });

  it("is found by its words in any order", () => {
    assert.ok(titleMatches("Create API key", "key create"));
    assert.ok(titleMatches("Create API key", ""));
    assert.ok(!titleMatches("Create API key", "create event"));
  });

  it("can name its connection", () => {
    assert.equal(connectionNameIn("send test event to Orders EU"), "Orders EU");
    assert.equal(connectionNameIn("test orders"), "orders");
    assert.equal(connectionNameIn("orders test"), "orders test");
    assert.equal(connectionNameIn("test"), "test");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { causeText, readCause, smallestView } from "./statistics.ts";

describe("a cause", () => {
  it("is written as one text and read back unchanged", () => {
    const causes = [
      { errorCode: "http_status", responseStatus: 503, host: "hooks.example.com" },
      { errorCode: "timeout", responseStatus: null, host: "[2001:db8::1]" },
      { errorCode: "dns_not_found", responseStatus: null, host: "….m.pipedream.net" },
    ];
    assert.deepEqual(causes.map(causeText), [
      "http_status/503/hooks.example.com",
      "timeout/-/[2001:db8::1]",
      "dns_not_found/-/….m.pipedream.net",
    ]);
    assert.deepEqual(causes.map(causeText).map(readCause), causes);
  });

  it("is not read from any other text", () => {
    for (const text of ["", "*", "timeout", "a/b/c", "timeout/-/h/x"])
      assert.equal(readCause(text), null, text);
  });
});

describe("the view for a query", () => {
  it("is the smallest that separates the requested dimensions", () => {
    assert.equal(smallestView([]), "total");
    assert.equal(smallestView(["outcome"]), "total");
    assert.equal(smallestView(["event_type", "outcome"]), "event_type");
    assert.equal(smallestView(["cause"]), "cause");
    assert.equal(smallestView(["connection"]), "connection");
    assert.equal(smallestView(["connection", "cause"]), "connection");
    assert.equal(smallestView(["event_type", "cause"]), "all");
    assert.equal(smallestView(["connection", "event_type"]), "all");
  });
});

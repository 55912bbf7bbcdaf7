import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { acceptanceOfHtml, pathOf } from "./api-or-page.ts";

suite("whether an Accept header accepts HTML", () => {
  for (const [accept, acceptance] of [
    [undefined, "any"],
    ["", "any"],
    ["*/*", "any"],
    ["*/*;q=0.1", "any"],
    ["text/*", "named"],
    ["text/html", "named"],
    ["TEXT/HTML ; Q=0.5", "named"],
    ["application/json, text/html;q=0.001", "named"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "named"],
    ["text/html;level=1", "named"],
    ["application/json", "no"],
    ["application/json, */*;q=0", "no"],
    ["text/html;q=0, */*", "no"],
    ["text/html;q=0.000", "no"],
    ["text/*;q=0, text/html", "named"],
    ["text/plain", "no"],
    ["image/*", "no"],
    ["text/htmlx", "no"],
  ] as const) {
    test(`${accept ?? "none"}: ${acceptance}`, () => assert.equal(acceptanceOfHtml(accept), acceptance));
  }
});

suite("the path of a URL", () => {
  for (const [url, path] of [
    ["/a?b", "/a"],
    ["/%61pi/x", "/api/x"],
    ["http://host", "/"],
    ["http://host?x=/api", "/"],
    ["https://host/api#x", "/api"],
    ["/%zz", "/%zz"],
  ] as const) {
    test(url, () => assert.equal(pathOf(url), path));
  }
});

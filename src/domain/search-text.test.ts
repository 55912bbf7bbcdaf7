import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSearch } from "./search-text.ts";

describe("a search", () => {
  const finds = (wanted: string, text: string) => createSearch(wanted)(text);

  it("finds text without regard to case, also outside ASCII", () => {
    assert.equal(finds("ORDER-42", '{"id":"order-42"}'), true);
    assert.equal(finds("josé", '{"name":"JOSÉ"}'), true);
    assert.equal(finds("order-43", '{"id":"order-42"}'), false);
  });

  it("finds text that is escaped in JSON, and the escapes as written", () => {
    const text = JSON.stringify({ say: 'a "quoted"\nline', path: "c:\\temp", slash: "a/b" });
    for (const wanted of ['"quoted"', 'quoted"\nline', "c:\\temp", 'a \\"quoted', "a/b"]) {
      assert.equal(finds(wanted, text), true, wanted);
    }
    assert.equal(finds("José", '{"name":"Jos\\u00e9"}'), true);
    assert.equal(finds("😀", '{"name":"\\ud83d\\uDE00"}'), true);
    assert.equal(finds("a/b", '{"name":"a\\/b"}'), true);
    assert.equal(finds("\\u00e9", '{"name":"Jos\\u00e9"}'), true);
  });

  it("takes a backslash that is not an escape literally", () => {
    assert.equal(finds("x\\q", "x\\q"), true);
    assert.equal(finds("end\\", "the end\\"), true);
  });
});

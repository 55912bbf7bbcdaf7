import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { writeRequest } from "./write-request.ts";

const REQUEST = { url: new URL("https://example.com:8443/a%20b?c=d#e"), headers: { "x-a": "ü" }, body: "✓" };

suite("a written request", () => {
  test("is one POST, with headers in Latin-1 and a body in UTF-8", () => {
    const head =
      "POST /a%20b?c=d HTTP/1.1\r\nhost: example.com:8443\r\nconnection: keep-alive\r\nx-a: ü\r\ncontent-length: 3\r\n\r\n";
    assert.deepEqual(writeRequest(REQUEST), Buffer.concat([Buffer.from(head, "latin1"), Buffer.from("✓")]));
  });

  const REFUSED: readonly (readonly [name: string, headers: Record<string, string>])[] = [
    ["a line break in a value", { "x-a": "s3cr3t\r\nx-b: 2" }],
    ["a lone line feed in a value", { "x-a": "s3cr3t\n" }],
    ["a NUL in a value", { "x-a": "s3cr3t\0" }],
    ["a value beyond Latin-1", { "x-a": "s3cr3t ✓" }],
    ["a space in a name", { "x a": "s3cr3t" }],
    ["an empty name", { "": "s3cr3t" }],
    ["a length of its own", { "Content-Length": "s3cr3t" }],
    ["a coding of its own", { "Transfer-Encoding": "chunked" }],
    ["a host of its own", { Host: "s3cr3t" }],
  ];
  for (const [name, headers] of REFUSED) {
    test(`has no ${name.replace(/^an? /, "")}, and the refusal does not repeat it`, () => {
      assert.throws(
        () => writeRequest({ ...REQUEST, headers }),
        (error: Error) => error instanceof TypeError && !error.message.includes("s3cr3t"),
      );
    });
  }
});

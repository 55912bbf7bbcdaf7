import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ODD_RESPONSES } from "../../test/corpora/odd-responses.ts";
import { ResponseParser } from "./response-parser.ts";
import { SendError } from "./send-error.ts";

/** Parses bytes in pieces of the given length and collects the events. */
function parse(bytes: Buffer, pieceLength: number) {
  const parsed = { head: "", body: "", end: "", failure: "", endsHere: false };
  const body: Buffer[] = [];
  const parser = new ResponseParser({
    onHead: (head) => {
      parsed.head = JSON.stringify(head);
    },
    onBody: (piece) => body.push(piece),
    onEnd: () => {
      parsed.end = "whole";
    },
  });
  try {
    for (let at = 0; at < bytes.length; at += pieceLength) parser.read(bytes.subarray(at, at + pieceLength));
  } catch (error) {
    assert.ok(error instanceof SendError);
    parsed.failure = `${error.failureCode} ${error.detail}`;
  }
  return { ...parsed, body: Buffer.concat(body).toString("latin1"), endsHere: parser.endsHere };
}

suite("a response", () => {
  test("is the same however its bytes are split", () => {
    for (const { name, sends } of ODD_RESPONSES) {
      const bytes = Buffer.from(sends);
      const whole = parse(bytes, bytes.length || 1);
      for (const length of [1, 2, 3, 7, 1000])
        assert.deepEqual(parse(bytes, length), whole, `${name} by ${length}`);
    }
  });

  test("in tiny pieces is not copied whole for each", () => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(60_000)}\r\n\r\n`);
    const startedAt = performance.now();
    assert.equal(parse(bytes, 1).failure, "");
    assert.ok(performance.now() - startedAt < 2_000);
  });
});

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { OpenSendError } from "./errors.ts";
import { describeJsonFault } from "./json/describe-json-fault.ts";
import { findJsonFault } from "./json/find-json-fault.ts";
import { EVENT_BYTES_MAX, readEventBatch } from "./read-event.ts";

/** A text that counts the characters read from it, in any way. */
class CountedText extends String {
  lookedAt = 0;

  override charCodeAt(index: number): number {
    this.lookedAt++;
    return super.charCodeAt(index);
  }

  override slice(start?: number, end?: number): string {
    const part = super.slice(start, end);
    this.lookedAt += part.length;
    return part;
  }
}

const BODY_LENGTH = 7 * 1024 * 1024;
/** A character can be read as the end of a token, as the start of others, as a name, as a member, and for its size. */
const LOOKS_MAX = 8;
const GOOD = '{"type":"order.paid","data":{"a":1}}';

function refuse(body: string): { error: OpenSendError; lookedAt: number } {
  const text = new CountedText(body);
  try {
    readEventBatch(text as unknown as string, Date.now());
  } catch (error) {
    assert.ok(error instanceof OpenSendError, String(error));
    return { error, lookedAt: text.lookedAt };
  }
  assert.fail("nothing was refused");
}

const fill = (unit: string) => unit.repeat(BODY_LENGTH / unit.length);

suite("a hostile batch of 7 MiB", () => {
  const STOPPED: readonly [what: string, body: string, path: string][] = [
    ["one-letter names", `[{${fill('"a":1,')}"a":1}]`, "0"],
    ["one-letter names within data", `[${GOOD},{"type":"x","data":{${fill('"a":1,')}"a":1}}]`, "1"],
    ["brackets", fill("["), "0"],
    ["nested objects", `[${fill('{"a":')}`, "0"],
    ["one string", `[{"type":"x","data":{"a":"${fill("x")}"}}]`, "0"],
    ["one string of escapes", `[{"type":"x","data":{"a":"${fill("\\u0041")}"}}]`, "0"],
    ["one name", `[{"${fill("x")}":1}]`, "0"],
    ["one number", `[${fill("1")}]`, "0"],
    ["small members", `[{"type":"x","data":{"a":[${fill('{"a":1},')}1]}}]`, "0"],
    ["small elements", `[{"type":"x","data":{"a":[${fill("1,")}1]}}]`, "0"],
    ["white space before an event", `[${fill(" ")}{}]`, "0"],
    ["white space within an event", `[{${fill("\n")}}]`, "0"],
    ["white space at the start", `${fill(" ")}[]`, ""],
    ["no array", `{"a":"${fill("x")}"}`, ""],
    ["small events that are all wrong", `[${fill("{},")}{}]`, "0"],
  ];
  for (const [what, body, path] of STOPPED) {
    test(`of ${what} costs no more than one event`, () => {
      const { error, lookedAt } = refuse(body);
      assert.equal(error.code, "validation_failed");
      assert.equal(error.fields[0]?.path.split(".")[0], path);
      assert.ok(lookedAt <= LOOKS_MAX * EVENT_BYTES_MAX, `${lookedAt} characters were looked at`);
    });
  }

  test("that is invalid only at its end is read a few times", () => {
    const large = `{"type":"x","data":{"a":"${"x".repeat(200_000)}","b":[${"1, ".repeat(10_000)}1]}}`;
    const events = Array(Math.floor(BODY_LENGTH / large.length)).fill(large);
    const { error, lookedAt } = refuse(`[${events.join(",")},{"type":oops`);
    assert.equal(error.code, "malformed_json");
    assert.match(error.detail, /stopped at character 7\d{6}\.$/);
    assert.ok(lookedAt <= LOOKS_MAX * BODY_LENGTH, `${lookedAt} characters were looked at`);
  });
});

suite("the fault of a body", () => {
  for (const [what, body] of [
    ["line feeds", fill("\n")],
    ["names", `{${fill('"a":1,')}`],
    ["brackets", fill("[")],
  ] as const) {
    test(`of ${what} is found and described by reading each character a few times`, () => {
      const text = new CountedText(body);
      const faultAt = findJsonFault(text as unknown as string) ?? body.length;
      assert.ok(text.lookedAt <= LOOKS_MAX * body.length, `${text.lookedAt} were looked at to find it`);
      text.lookedAt = 0;
      describeJsonFault(text as unknown as string, faultAt - 1);
      assert.ok(text.lookedAt <= EVENT_BYTES_MAX, `${text.lookedAt} were looked at to tell it`);
    });
  }
});

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { OpenSendError } from "./errors.ts";
import { serializeEvent } from "./event.ts";
import { EVENT_BYTES_MAX, EVENTS_PER_BATCH_MAX, readEvent, readEventBatch } from "./read-event.ts";

const NOW = Date.parse("2026-06-06T12:00:00.000Z");
const ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
const GOOD = '{"type":"order.paid","data":{}}';

function errorOf(read: () => unknown): OpenSendError {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof OpenSendError, String(error));
    return error;
  }
  assert.fail("nothing was refused");
}

const pathsOf = (error: OpenSendError) => error.fields.map(({ path }) => path);
const refusal = (text: string) => errorOf(() => readEvent(text, NOW));
const readBatch = (text: string) => readEventBatch(text, NOW);
const batchRefusal = (text: string) => errorOf(() => readBatch(text));
const messageAt = (error: OpenSendError, path: string) =>
  error.fields.find((field) => field.path === path)?.message;

suite("one event", () => {
  test("is read with its data compact and otherwise exact", () => {
    const text = ` {
      "data" : { "n": 12345678901234567890.10, "s" : "\\u00e9 \\ud800\\u0000", "a": [ 1.0 , -0e5 ] },
      "type": "order.p\\u0061id",
      "id": "${ID.toUpperCase()}",
      "created_at": "2026-06-06T13:59:59.5+02:00"
    } `;
    assert.deepEqual(readEvent(text, NOW), {
      id: ID,
      type: "order.paid",
      createdAt: Date.parse("2026-06-06T11:59:59.500Z"),
      dataJson: '{"n":12345678901234567890.10,"s":"\\u00e9 \\ud800\\u0000","a":[1.0,-0e5]}',
    });
  });

  test("can leave out id and created_at", () => {
    assert.deepEqual(readEvent(GOOD, NOW), { id: null, type: "order.paid", createdAt: null, dataJson: "{}" });
  });

  test("gives the same body to send, whatever its data and however it was indented", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/).filter((text) => text !== "integration");
    const type = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join("."));
    const data = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(type, data, fc.constantFrom(0, 2, "\t"), (kind, value, indent) => {
        const event = readEvent(JSON.stringify({ type: kind, data: value }, null, indent), NOW);
        assert.equal(
          serializeEvent({ ...event, createdAt: NOW }),
          JSON.stringify({ type: kind, created_at: new Date(NOW), data: value }),
        );
      }),
    );
  });

  const REFUSED: readonly [what: string, text: string, path: string, message: RegExp][] = [
    ["no type", '{"data":{}}', "type", /^Required: words/],
    ["a type that is not a string", '{"type":5,"data":{}}', "type", /^Must be words/],
    ["null as type", '{"type":null,"data":{}}', "type", /^Must be words/],
    ["an empty type", '{"type":"","data":{}}', "type", /^Must be words/],
    ["a type with a space", '{"type":"order paid","data":{}}', "type", /^Must be words/],
    ["a type with an empty word", '{"type":"order..paid","data":{}}', "type", /^Must be words/],
    ["a pattern as type", '{"type":"order.*","data":{}}', "type", /^Must be words/],
    ["an asterisk as type", '{"type":"*","data":{}}', "type", /^Must be words/],
    ["a type of 256 characters", `{"type":"${"a".repeat(256)}","data":{}}`, "type", /at most 255/],
    ["the reserved word", '{"type":"integration","data":{}}', "type", /OpenSend's own/],
    ["a reserved type", '{"type":"integration.test","data":{}}', "type", /OpenSend's own/],
    ["no data", '{"type":"x"}', "data", /^Required: a JSON object/],
    ["an array as data", '{"type":"x","data":[{}]}', "data", /^Must be a JSON object/],
    ["null as data", '{"type":"x","data":null}', "data", /^Must be a JSON object/],
    ["text as data", '{"type":"x","data":"{}"}', "data", /^Must be a JSON object/],
    ["an id that is not a UUID", '{"type":"x","data":{},"id":"42"}', "id", /UUID/],
    ["an id that is not a string", '{"type":"x","data":{},"id":42}', "id", /UUID/],
    ["null as id", '{"type":"x","data":{},"id":null}', "id", /UUID/],
    ["a time without a zone", at("2026-06-06T12:00:00"), "created_at", /ISO 8601 with its zone/],
    ["a number as time", '{"type":"x","data":{},"created_at":1780747200}', "created_at", /ISO 8601/],
    ["a time before 2000", at("1999-12-31T23:59:59.999Z"), "created_at", /before the year 2000/],
    [
      "a time too far ahead",
      at("2026-06-06T12:10:00.001Z"),
      "created_at",
      /10 minutes ahead of the server's clock, which says 2026-06-06T12:00:00\.000Z/,
    ],
    ["an unknown field", '{"type":"x","data":{},"Data":{}}', "Data", /not known/],
    [
      "a name twice in data",
      '{"type":"x","data":{"a":[{"b":1,"\\u0062":2}]}}',
      "data.a.0.b",
      /more than once/,
    ],
    ["a field twice", '{"type":"x","type":"x","data":{}}', "type", /more than once/],
    ["an array", `[${GOOD}]`, "", /^Must be a JSON object/],
    ["text", '"x"', "", /^Must be a JSON object/],
    ["101 levels", nested(101), "", /more than 100 levels/],
    ["one byte too many", sized(EVENT_BYTES_MAX + 1), "", /more than 262144 bytes/],
    [
      "too many bytes in fewer characters",
      sized(EVENT_BYTES_MAX / 2 + 100, "é"),
      "",
      /more than 262144 bytes/,
    ],
  ];
  for (const [what, text, path, message] of REFUSED) {
    test(`is refused with ${what}`, () => {
      const error = refusal(text);
      assert.equal(error.code, "validation_failed");
      assert.deepEqual(pathsOf(error), [path]);
      assert.match(error.fields[0]?.message ?? "", message);
    });
  }

  for (const [what, text] of [
    ["a type of 255 characters", `{"type":"${"a".repeat(255)}","data":{}}`],
    ["types that only begin like the reserved word", '{"type":"integrations.x","data":{}}'],
    ["a later word that is reserved as the first", '{"type":"x.integration","data":{}}'],
    ["the first moment of 2000", at("2000-01-01T00:00:00Z")],
    ["a clock ten minutes ahead", at("2026-06-06T12:10:00Z")],
    ["100 levels", nested(100)],
    ["as many bytes as are allowed", sized(EVENT_BYTES_MAX)],
    ["as many bytes as are allowed and white space around them", `\n${sized(EVENT_BYTES_MAX)}\n`],
    ["a name that repeats in another object", '{"type":"x","data":{"a":{"a":1},"type":{"a":1}}}'],
  ] as const) {
    test(`is accepted with ${what}`, () => assert.ok(readEvent(text, NOW)));
  }

  test("is refused with all of its faults", () => {
    const error = refusal('{"type":"a b","data":[],"id":"1","created_at":"now","x":1,"y":{"z":1,"z":2}}');
    assert.deepEqual(pathsOf(error), ["y.z", "x", "y", "type", "data", "id", "created_at"]);
    assert.equal(
      error.detail,
      "Not valid: `y.z`, `x`, `y`, `type`, `data`, `id`, `created_at`. `errors` says why. Nothing was stored.",
    );
  });

  test("is refused with the position where its JSON ends, without quoting it", () => {
    const error = refusal('{"type":"x",\n"data":{"card": s3cr3t}}');
    assert.equal(error.code, "malformed_json");
    assert.equal(error.detail, "The body is not valid JSON: parsing stopped at line 2, column 17.");
    assert.equal(refusal('{"type":"x"').detail, "The body is not valid JSON: it ends too early.");
    assert.equal(refusal(`${GOOD}${GOOD}`).code, "malformed_json");
    assert.equal(refusal("").code, "malformed_json");
  });

  test("is refused with shortened names, and only some of many", () => {
    const many = Array.from({ length: 90 }, (_, index) => `"${"n".repeat(300)}${index}":1`).join(",");
    const error = refusal(`{${many}}`);
    assert.equal(error.fields.length, 22);
    for (const path of pathsOf(error)) assert.ok(path.length <= 100, path);
    const unknown = Array.from({ length: 20 }, (_, index) => `"n${index}":1`).join(",");
    assert.match(refusal(`{${unknown}}`).detail, /`n9` and 12 more\. `errors`/);
  });

  test("never has a value in its error", () => {
    const canary = fc.constantFrom(
      '"s3cr3t-c4n4ry"',
      '["s3cr3t-c4n4ry"]',
      '{"a":"s3cr3t-c4n4ry"}',
      "s3cr3t-c4n4ry",
    );
    fc.assert(
      fc.property(canary, canary, canary, canary, canary, (type, data, id, time, other) => {
        const text = `{"type":${type},"data":${data},"id":${id},"created_at":${time},"other":${other}}`;
        for (const error of [refusal(text), batchRefusal(`[${text}]`), batchRefusal(text)]) {
          assert.doesNotMatch(JSON.stringify([error.detail, error.fields, error.message]), /c4n4ry/);
        }
      }),
    );
  });
});

suite("a batch of events", () => {
  const batch = (count: number, event = GOOD) => `[${Array(count).fill(event).join(",")}]`;

  test("is read in order, each event as if it were alone", () => {
    const texts = ["a", "b", "c"].map((type) => `{ "type": "${type}", "data": { "t": "${type}" } }`);
    assert.deepEqual(
      readBatch(` [ ${texts.join(" ,\n")} ] `),
      texts.map((text) => readEvent(text, NOW)),
    );
  });

  test("has 1 to 1,000 of them", () => {
    assert.equal(readBatch(batch(1)).length, 1);
    assert.equal(readBatch(batch(EVENTS_PER_BATCH_MAX)).length, 1000);
    const none = batchRefusal("[]");
    assert.match(messageAt(none, "") ?? "", /^The array is empty\. Send 1 to 1000/);
    const more = batchRefusal(batch(1001));
    assert.match(messageAt(more, "") ?? "", /^The array has more than 1000 events/);
    for (const text of [GOOD, `{"events":[${GOOD}]}`, '"x"', "null", `{"a":"${"x".repeat(300_000)}`]) {
      const error = batchRefusal(text);
      assert.match(messageAt(error, "") ?? "", /^Must be a JSON array of 1 to 1000 events/);
      assert.equal(error.detail, "Not valid: the body. `errors` says why. Nothing was stored.");
    }
  });

  test("is refused as a whole, with the path of every fault", () => {
    const error = batchRefusal(
      `[${GOOD}, {"type":"a b","data":{}}, 5, {"type":"x","data":{"a":1,"a":2},"y":1}, ${nested(101)}]`,
    );
    assert.equal(error.code, "validation_failed");
    assert.deepEqual(pathsOf(error), ["1.type", "2", "3.data.a", "3.y", "4"]);
    assert.equal(
      error.detail,
      "Not valid: `1.type`, `2`, `3.data.a`, `3.y`, `4`. `errors` says why. Nothing was stored.",
    );
  });

  test("limits each event's bytes, not their sum", () => {
    const most = sized(EVENT_BYTES_MAX);
    assert.equal(readBatch(`[${most},${most}]`).length, 2);
    assert.deepEqual(pathsOf(batchRefusal(`[${most},${sized(EVENT_BYTES_MAX + 1)}]`)), ["1"]);
  });

  test("is not read past an event that exceeds a limit, and names the event and the path", () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `"n${index}":1`).join(",");
    for (const [event, path, message] of [
      [sized(EVENT_BYTES_MAX + 1), "1", /more than 262144 bytes.*Send less/],
      [nested(101), "1", /more than 100 levels/],
      [`{${names(101)}}`, "1", /more than 100 fields/],
      [`{"type":"x","data":{"a":[{${names(10_001)}}]}}`, "1.data.a.0", /more than 10000 names.*Use an array/],
      [
        `{"type":"x","data":{"a":[${'{"a":1},'.repeat(25_000)}{}]}}`,
        "1",
        /more than 25000 names in total.*several events/,
      ],
    ] as const) {
      const error = batchRefusal(`[{"type":"a b","data":{}},${event},{"type":"c d"},oops`);
      assert.equal(error.code, "validation_failed");
      assert.deepEqual(pathsOf(error), ["0.type", path]);
      assert.match(messageAt(error, path) ?? "", message);
    }
  });

  test("that is wrong throughout is refused with the first hundred faults, and not read further", () => {
    const wrong = '{"a":1,"b":2,"c":3}';
    const error = batchRefusal(`${batch(900, wrong).slice(0, -1)},oops`);
    assert.equal(error.fields.length, 100);
    assert.match(error.detail, / and 90 more\. /);
  });

  test("that is not JSON is refused with the position of the fault, without quoting it", () => {
    const error = batchRefusal(`[${GOOD},\n s3cr3t]`);
    assert.equal(error.detail, "The body is not valid JSON: parsing stopped at line 2, column 2.");
  });
});

function at(time: string): string {
  return JSON.stringify({ type: "x", data: {}, created_at: time });
}

/** An event with this many levels, itself and its data included. */
function nested(levels: number): string {
  return `{"type":"x","data":${'{"a":'.repeat(levels - 2)}{}${"}".repeat(levels - 2)}}`;
}

/** An event with this many characters. */
function sized(length: number, fill = "x"): string {
  const frame = '{"type":"x","data":{"a":""}}';
  return frame.replace('""', `"${fill.repeat(length - frame.length)}"`);
}

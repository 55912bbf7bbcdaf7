import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { serializeEvent, TEST_EVENT_TYPE } from "./event.ts";

suite("the bytes of an event", () => {
  test("are those of the published test event, compact", () => {
    const data = { provider: "webhook", connection_id: "uuid", connection_name: "Zapier catch hook" };
    assert.equal(
      serializeEvent({
        type: TEST_EVENT_TYPE,
        createdAt: Date.UTC(2026, 5, 6),
        dataJson: JSON.stringify(data),
      }),
      '{"type":"integration.test","created_at":"2026-06-06T00:00:00.000Z","data":{"provider":"webhook","connection_id":"uuid","connection_name":"Zapier catch hook"}}',
    );
  });

  test("keep the data unchanged, including big integers and spelling", () => {
    const dataJson = '{"n": 12345678901234567890.10, "b":1, "b":2, "s":"\\u00e9é"}';
    assert.equal(
      serializeEvent({ type: "order.paid", createdAt: 1, dataJson }),
      `{"type":"order.paid","created_at":"1970-01-01T00:00:00.001Z","data":${dataJson}}`,
    );
  });

  test("parse as JSON with the same three members, whatever the type, time and data", () => {
    const time = fc.date({
      min: new Date(0),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.string(), time, fc.dictionary(fc.string(), fc.jsonValue()), (type, createdAt, data) => {
        const dataJson = JSON.stringify(data);
        const text = serializeEvent({ type, createdAt: createdAt.getTime(), dataJson });
        const read = JSON.parse(text);
        assert.deepEqual(Object.keys(read), ["type", "created_at", "data"]);
        assert.equal(read.type, type);
        assert.equal(read.created_at, createdAt.toISOString());
        assert.deepEqual(read.data, JSON.parse(dataJson));
      }),
    );
  });
});

test("an alert has its text where Slack and Discord read it, and mentions no one", () => {
  const data = { text: "<!channel> a & b is failing" };
  const event = { type: "opensend.alert.backlog", createdAt: 0, dataJson: JSON.stringify(data) };
  const sent = JSON.parse(serializeEvent(event)) as Record<string, unknown>;
  assert.deepEqual(Object.keys(sent).slice(0, 3), ["type", "created_at", "data"]);
  assert.deepEqual(sent["data"], data);
  assert.equal(sent["text"], "&lt;!channel&gt; a &amp; b is failing");
  assert.equal(sent["content"], data.text);
  assert.deepEqual(sent["allowed_mentions"], { parse: [] });
  assert.doesNotThrow(() => serializeEvent({ ...event, dataJson: "" }));
  assert.equal(JSON.parse(serializeEvent({ ...event, type: "order.paid" })).text, undefined);
});

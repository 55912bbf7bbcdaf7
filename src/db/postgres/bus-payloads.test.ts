import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readPayload, writeGap, writePayloads } from "./bus-payloads.ts";

const refuse = (message: string) => assert.fail(`dropped ${message.slice(0, 20)}`);

describe("payloads of the bus", () => {
  it("carry messages completely and in order, in as many payloads as needed", () => {
    const messages = Array.from({ length: 2000 }, (_, index) => `${index} "quoted" \\ \n 🧾 \0`);
    const payloads = writePayloads("a", messages, refuse);
    assert.ok(payloads.length > 1);
    for (const payload of payloads) assert.ok(Buffer.byteLength(payload) < 8000);
    const read = payloads.flatMap((payload) => {
      const received = readPayload("b", payload);
      return received?.kind === "messages" ? received.messages : assert.fail();
    });
    assert.deepEqual(read, messages);
  });

  it("contain the longest message that fits, and drop only a longer one", () => {
    const fits = "x".repeat(7999 - "a [],".length - 2);
    const [payload = ""] = writePayloads("a", [fits], refuse);
    assert.equal(Buffer.byteLength(payload), 7998);
    const dropped: string[] = [];
    const written = writePayloads("a", ["before", `${fits}x`, "after"], (message) => dropped.push(message));
    assert.deepEqual(dropped, [`${fits}x`]);
    assert.deepEqual(written, ['a ["before","after"]']);
  });

  it("are ignored by their sender", () => {
    assert.equal(readPayload("a", 'a ["x"]'), null);
    assert.equal(readPayload("a", writeGap("a")), null);
    assert.deepEqual(readPayload("a", 'ab ["x"]'), { kind: "messages", messages: ["x"] });
    assert.deepEqual(readPayload("a", writeGap("b")), { kind: "gap" });
  });

  it("are ignored when something else wrote them", () => {
    for (const payload of ["", "hello", "b nonsense", "b {}", "b null"])
      assert.equal(readPayload("a", payload), null);
  });
});

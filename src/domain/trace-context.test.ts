import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseTraceContext, readTraceContext, traceHeaders, writeTraceContext } from "./trace-context.ts";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

describe("trace context", () => {
  it("is passed on unchanged", () => {
    for (const headers of [{ traceparent }, { traceparent, tracestate: "congo=t61rcWkgMzE,rojo=00f067" }]) {
      const context = parseTraceContext(headers);
      assert.ok(context);
      assert.deepEqual(readTraceContext(writeTraceContext(context)), context);
      assert.deepEqual(traceHeaders(context), headers);
    }
  });

  it("accepts a later version with more fields", () => {
    assert.ok(parseTraceContext({ traceparent: `cc${traceparent.slice(2)}-what-comes` }));
  });

  for (const wrong of [
    "",
    "00",
    `ff${traceparent.slice(2)}`,
    traceparent.toUpperCase(),
    `${traceparent}\r\nx: y`,
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    `cc${traceparent.slice(2)}-${"x".repeat(300)}`,
  ]) {
    it(`ignores ${JSON.stringify(wrong.slice(0, 40))} and its state`, () => {
      assert.equal(parseTraceContext({ traceparent: wrong, tracestate: "a=b" }), null);
    });
  }

  it("drops a state that is too long or has invalid characters, and keeps the parent", () => {
    for (const tracestate of ["a=\u00e9", `a=${"x".repeat(600)}`, "a\nb", " "]) {
      assert.deepEqual(parseTraceContext({ traceparent, tracestate }), { traceparent, tracestate: null });
    }
  });
});

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { BodyBytes } from "./body-bytes.ts";

suite("the byte limit for event bodies", () => {
  const release = (taken: ReturnType<BodyBytes["take"]>) => {
    assert.ok(typeof taken === "function", String(taken));
    return taken;
  };

  test("leaves room for a newcomer, however much the first party sends", () => {
    const bodies = new BodyBytes(64);
    for (let body = 0; body < 3; body++) release(bodies.take("first", 8));
    assert.equal(bodies.take("first", 8), "party");
    release(bodies.take("second", 8));
    release(bodies.take("third", 32));
    assert.equal(bodies.take("fourth", 1), "all");
  });

  test("frees bytes when they are released", () => {
    const bodies = new BodyBytes(16);
    const first = release(bodies.take("a", 8));
    assert.equal(bodies.take("a", 8), "party");
    first();
    release(bodies.take("a", 16))();
    release(bodies.take("b", 16));
  });

  test("always allows an empty body", () => {
    const bodies = new BodyBytes(8);
    release(bodies.take("a", 8));
    release(bodies.take("b", 0))();
  });
});

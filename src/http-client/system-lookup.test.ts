import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { resultOf } from "../../test/support/serve-names.ts";
import { SystemLookup } from "./system-lookup.ts";

const FOREVER = new AbortController().signal;

/** A system that responds when the test says so. */
function pendingSystem(memoryMs?: number) {
  const queried: string[] = [];
  const pending: ((addresses: readonly string[]) => void)[] = [];
  const lookup = new SystemLookup({
    ask: (name) => {
      queried.push(name);
      return new Promise((resolve) => pending.push(resolve));
    },
    ...(memoryMs === undefined ? {} : { memoryMs }),
  });
  return { lookup, queried, resolveNext: (addresses: readonly string[]) => pending.shift()?.(addresses) };
}

suite("the system lookup", () => {
  test("queries one name at a time, and the next waits briefly", async () => {
    const { lookup, queried, resolveNext } = pendingSystem();
    const first = lookup.find("a.local", FOREVER);
    const second = lookup.find("b.local", FOREVER);
    assert.deepEqual(queried, ["a.local"]);
    resolveNext(["10.0.0.1"]);
    assert.deepEqual(await first, ["10.0.0.1"]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(queried, ["a.local", "b.local"]);
    resolveNext(["10.0.0.2"]);
    assert.deepEqual(await second, ["10.0.0.2"]);
  });

  test("reports all other names as busy while one gets no response", async () => {
    const { lookup, queried, resolveNext } = pendingSystem();
    const stuck = lookup.find("a.local", FOREVER);
    const others = Array.from({ length: 50 }, (_, n) => resultOf(lookup.find(`b${n}.local`, FOREVER)));
    assert.deepEqual(new Set(await Promise.all(others)), new Set(["dns_busy"]));
    assert.deepEqual(queried, ["a.local"]);
    resolveNext([]);
    assert.deepEqual(await stuck, []);
  });

  test("does not query an unknown name again for a while", async () => {
    const { lookup, queried, resolveNext } = pendingSystem(50);
    const first = lookup.find("a.local", FOREVER);
    resolveNext([]);
    assert.deepEqual(await first, []);
    const stuck = lookup.find("b.local", FOREVER);
    assert.deepEqual(await lookup.find("a.local", FOREVER), [], "it does not even wait");
    resolveNext(["10.0.0.2"]);
    await stuck;
    const start = performance.now();
    while (performance.now() < start + 50) await new Promise((resolve) => setImmediate(resolve));
    void lookup.find("a.local", FOREVER);
    assert.deepEqual(queried, ["a.local", "b.local", "a.local"]);
  });

  test("treats a failure as an unknown name", async () => {
    const lookup = new SystemLookup({ ask: async () => Promise.reject(new Error("EAI_AGAIN")) });
    assert.deepEqual(await lookup.find("a.local", FOREVER), []);
  });

  test("queries nothing for a caller that has already left", async () => {
    const { lookup, queried } = pendingSystem();
    const controller = new AbortController();
    controller.abort();
    assert.equal(await resultOf(lookup.find("a.local", controller.signal)), "interrupted");
    assert.deepEqual(queried, []);
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSharedRead } from "./shared-read.ts";

/** Reads that the test completes. */
function heldReads() {
  const started: { readonly key: string; readonly end: (value: string | Error) => void }[] = [];
  const read = (key: string) =>
    new Promise<string>((resolve, reject) => {
      started.push({
        key,
        end: (value) => (typeof value === "string" ? resolve(value) : reject(value)),
      });
    });
  return { started, read: createSharedRead(read) };
}

describe("a shared read", () => {
  it("gives all callers during a read the result of the next one", async () => {
    const { started, read } = heldReads();
    const first = read("w");
    const later = [read("w"), read("w"), read("w")];
    assert.equal(started.length, 1);
    started[0]?.end("old");
    assert.equal(await first, "old");
    while (started.length < 2) await new Promise((resolve) => setImmediate(resolve));
    started[1]?.end("new");
    assert.deepEqual(await Promise.all(later), ["new", "new", "new"]);
    assert.equal(started.length, 2);
  });

  it("reads keys separately, and continues after a failure", async () => {
    const { started, read } = heldReads();
    const [failing, waiting, other] = [read("a"), read("a"), read("b")];
    assert.deepEqual(
      started.map(({ key }) => key),
      ["a", "b"],
    );
    started[0]?.end(new Error("no database"));
    await assert.rejects(failing, /no database/);
    started[1]?.end("b's");
    assert.equal(await other, "b's");
    while (started.length < 3) await new Promise((resolve) => setImmediate(resolve));
    started[2]?.end("a's");
    assert.equal(await waiting, "a's");
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Changed, ChangeLog } from "./change-log.ts";

const all = () => true;
const seen = (changes: readonly Changed[] | null) =>
  changes?.map(({ kind, id, sequence }) => `${kind} ${id} ${sequence}`) ?? null;

describe("the change log", () => {
  it("returns the changes after a position, each object once, at its latest change", () => {
    const log = new ChangeLog();
    log.append("delivery", ["a", "b"]);
    log.append("event", ["a"]);
    log.append("delivery", ["a"]);
    assert.deepEqual(seen(log.since(0, 10, all)), ["delivery b 2", "event a 3", "delivery a 4"]);
    assert.deepEqual(seen(log.since(2, 10, all)), ["event a 3", "delivery a 4"]);
    assert.deepEqual(seen(log.since(4, 10, all)), []);
  });

  it("returns no more than requested, otherwise a gap", () => {
    const log = new ChangeLog();
    log.append("delivery", ["a", "b", "c"]);
    assert.equal(log.since(0, 3, all)?.length, 3);
    assert.equal(log.since(0, 2, all), null);
    assert.deepEqual(seen(log.since(0, 1, ({ id }) => id === "c")), ["delivery c 3"]);
  });

  it("keeps the last 10,000 objects and knows from which position it is complete", () => {
    const log = new ChangeLog();
    log.append(
      "event",
      Array.from({ length: 10_000 }, (_, index) => String(index)),
    );
    assert.equal(log.since(0, 20_000, all)?.length, 10_000);
    log.append(
      "event",
      Array.from({ length: 10_001 }, (_, index) => `later ${index}`),
    );
    assert.equal(log.since(10_000, 20_000, all), null);
    assert.equal(log.since(10_001, 20_000, all)?.length, 10_000);
  });

  it("forgets nothing when few objects change often", () => {
    const log = new ChangeLog();
    log.append("event", ["once"]);
    for (let index = 0; index < 50_000; index++) log.append("delivery", [String(index % 10)]);
    assert.equal(log.since(0, 20, all)?.length, 11);
  });

  it("has gaps at every position before a loss, and none after it", () => {
    const log = new ChangeLog();
    log.append("event", ["a"]);
    const before = log.sequence;
    log.addGap();
    assert.equal(log.since(before, 10, all), null);
    log.append("event", ["b"]);
    assert.deepEqual(seen(log.since(before + 1, 10, all)), ["event b 3"]);
  });

  it("parses its own positions, and no others", () => {
    const log = new ChangeLog();
    log.append("event", ["a", "b"]);
    assert.equal(log.read(log.idOf(1)), 1);
    assert.equal(log.read(log.idOf(3)), null);
    assert.equal(log.read(new ChangeLog().idOf(1)), null);
    for (const position of [
      "",
      "1",
      "-1",
      `${log.epoch}-`,
      `${log.epoch}--1`,
      `${log.epoch}-1x`,
      "x".repeat(9999),
    ])
      assert.equal(log.read(position), null);
  });
});

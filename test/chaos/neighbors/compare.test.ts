import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compare, summarize } from "./compare.ts";

const figures = (acceptP99: number, deliveryP99: number) => ({
  acceptP99,
  deliveryP99,
  events: 2000,
  refused: 0,
  missing: 0,
});
const pair = (alone: number, attacked: number) => ({
  alone: figures(alone, alone),
  attacked: figures(attacked, attacked),
});
const ratio = (...pairs: ReturnType<typeof pair>[]) => compare(pairs)[0]?.ratio;

describe("the comparison of runs alone and under attack", () => {
  it("takes the median of the pairs' ratios", () => {
    assert.equal(ratio(pair(10, 100), pair(10, 12), pair(10, 14)), 1.4);
  });

  it("counts a p99 below the floor as the floor, on both sides", () => {
    assert.equal(ratio(pair(1, 4)), 1);
    assert.equal(ratio(pair(1, 10)), 2);
  });

  it("counts an event that was refused or never arrived as infinitely late", () => {
    const quick = Array<number>(98).fill(2);
    const lost = Array<number>(2).fill(Number.POSITIVE_INFINITY);
    const refused = summarize({ acceptMs: [...quick, ...lost], deliveryMs: [...quick, ...lost] });
    assert.deepEqual([refused.refused, refused.missing], [2, 0]);
    const missing = summarize({ acceptMs: [...quick, 2, 2], deliveryMs: [...quick, ...lost] });
    assert.deepEqual([missing.refused, missing.missing], [0, 2]);
    assert.equal(compare([{ alone: figures(5, 5), attacked: missing }])[1]?.ratio, Number.POSITIVE_INFINITY);
  });
});

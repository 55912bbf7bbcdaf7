import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isUuid } from "../domain/id.ts";
import { newId } from "./new-id.ts";

describe("newId", () => {
  it("creates unique UUIDv7s that sort by the order in which they were created", () => {
    const ids = Array.from({ length: 20_000 }, newId);
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => isUuid(id) && id[14] === "7"));
    const createdAt = Number.parseInt((ids.at(-1) ?? "").replaceAll("-", "").slice(0, 12), 16);
    assert.ok(Math.abs(Date.now() - createdAt) < 60_000);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { isFiltered, readConnectionFilter, toConnectionQuery } from "./connection-filter.ts";

test("reads a filter from the URL and ignores invalid values", () => {
  assert.deepEqual(
    readConnectionFilter({ q: " billing ", state: "failing,held", sort: "p95", type: "order.*" }),
    {
      q: "billing",
      state: "failing,held",
      type: "order.*",
      metadata: undefined,
      key: undefined,
      sort: "p95",
    },
  );
  const odd = { q: "  ", state: "broken,ok,ok", sort: "size", type: "order paid" };
  assert.deepEqual(readConnectionFilter(odd), {
    q: undefined,
    state: "ok",
    type: undefined,
    metadata: undefined,
    key: undefined,
    sort: undefined,
  });
  assert.deepEqual(readConnectionFilter({ q: 42, state: 7, type: [] }).q, "42");
});

test("reads pairs of metadata and the key that created connections", () => {
  const key = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11";
  const filter = readConnectionFilter({ metadata: ["customer=42", "plan=pro"], key });
  assert.deepEqual(toConnectionQuery(filter), {
    sort: "attention",
    metadata: { customer: "42", plan: "pro" },
    created_by_key_id: key,
  });
  assert.deepEqual(readConnectionFilter({ metadata: "customer=42" }).metadata, ["customer=42"]);
  assert.equal(isFiltered(readConnectionFilter({ metadata: ["customer"], key: "no id" })), false);
});

test("sorts by attention by default", () => {
  assert.deepEqual(toConnectionQuery({}), { sort: "attention" });
  assert.deepEqual(toConnectionQuery({ sort: "name", state: "paused" }), { sort: "name", state: "paused" });
});

test("does not count a sort order as a filter", () => {
  assert.equal(isFiltered({ sort: "name" }), false);
  assert.equal(isFiltered({ state: "ok" }), true);
  assert.equal(isFiltered({ metadata: ["customer=42"] }), true);
});

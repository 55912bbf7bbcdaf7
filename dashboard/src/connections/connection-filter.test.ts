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
      sort: "p95",
    },
  );
  const odd = { q: "  ", state: "broken,ok,ok", sort: "size", type: "order paid" };
  assert.deepEqual(readConnectionFilter(odd), {
    q: undefined,
    state: "ok",
    type: undefined,
    sort: undefined,
  });
  assert.deepEqual(readConnectionFilter({ q: 42, state: 7, type: [] }).q, "42");
});

test("sorts by attention by default", () => {
  assert.deepEqual(toConnectionQuery({}), { sort: "attention" });
  assert.deepEqual(toConnectionQuery({ sort: "name", state: "paused" }), { sort: "name", state: "paused" });
});

test("does not count a sort order as a filter", () => {
  assert.equal(isFiltered({ sort: "name" }), false);
  assert.equal(isFiltered({ state: "ok" }), true);
});

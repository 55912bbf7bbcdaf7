import assert from "node:assert/strict";
import { suite, type TestContext, test } from "node:test";
import { resultOf } from "../../test/support/serve-names.ts";
import { until } from "../../test/support/until.ts";
import { FailedNames } from "./failed-names.ts";
import type { Lookup } from "./lookup.ts";
import { NameLookups, type NameLookupsOptions } from "./name-lookups.ts";
import { SendError } from "./send-error.ts";

const ADDRESSES = ["192.0.2.1"];

type OpenQuery = {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly resolve: (addresses: readonly string[]) => void;
  readonly fail: (error: Error) => void;
};

/** Lookups that the test resolves. */
function openLookups(t: TestContext, options: Partial<NameLookupsOptions> = {}) {
  const queries: OpenQuery[] = [];
  const lookups = new NameLookups({
    resolve: (name, signal) =>
      new Promise((resolve, fail) => {
        queries.push({ name, signal, resolve, fail });
      }),
    lookupTimeoutMs: 60_000,
    queueTimeoutMs: 60_000,
    ...options,
  });
  const alive = setInterval(() => undefined, 1_000);
  t.after(() => {
    clearInterval(alive);
    lookups.close();
  });
  return {
    lookups,
    queries,
    names: () => queries.map(({ name }) => name),
    queryFor: (name: string): OpenQuery => {
      const found = queries.findLast((one) => one.name === name);
      assert.ok(found !== undefined, `${name} was asked for`);
      return found;
    },
    deliver: (name: string, workspaceId = "a") => lookups.lookUp(name, { workspaceId, isInteractive: false }),
    person: (name: string, workspaceId = "a") => lookups.lookUp(name, { workspaceId, isInteractive: true }),
  };
}

/** Ignores lookups that are interrupted at the end of the test. */
function ignore(lookups: readonly Lookup[]): void {
  for (const { addresses } of lookups) addresses.catch(() => undefined);
}

const FEW = {
  deliveryLimits: { total: 40, perWorkspace: 4 },
  interactiveLimits: { total: 16, perWorkspace: 2 },
};

suite("callers of one name", () => {
  test("share a lookup across workspaces, whose result is not cached", async (t) => {
    const { names, deliver, person, queryFor } = openLookups(t);
    const waiting = [deliver("x.test"), deliver("x.test", "b"), person("x.test", "c")];
    assert.deepEqual(names(), ["x.test"]);
    queryFor("x.test").resolve(ADDRESSES);
    for (const { addresses } of waiting) assert.deepEqual(await addresses, ADDRESSES);
    ignore([deliver("x.test")]);
    assert.deepEqual(names(), ["x.test", "x.test"]);
  });

  test("end the lookup when the last of them gives up", async (t) => {
    const { deliver, queryFor, names } = openLookups(t);
    const [first, second] = [deliver("x.test"), deliver("x.test")];
    first.cancel();
    assert.equal(queryFor("x.test").signal.aborted, false);
    second.cancel();
    assert.equal(queryFor("x.test").signal.aborted, true);
    ignore([deliver("x.test")]);
    assert.deepEqual(names(), ["x.test", "x.test"], "and leave no memory of a failure");
  });

  test("all start with the first of them that gets a slot", async (t) => {
    const { deliver, person, queryFor, names } = openLookups(t, FEW);
    ignore([1, 2, 3, 4].map((n) => deliver(`dead${n}.test`)));
    const [queued, mine] = [deliver("x.test"), person("x.test", "b")];
    assert.equal(names().length, 5);
    queryFor("x.test").resolve(ADDRESSES);
    assert.deepEqual(await queued.addresses, ADDRESSES);
    assert.deepEqual(await mine.addresses, ADDRESSES);
  });
});

suite("a workspace", () => {
  test("has a bounded number of slots, and leaves the slots of all others free", async (t) => {
    const { deliver, names, queryFor } = openLookups(t, FEW);
    ignore(Array.from({ length: 30 }, (_, n) => deliver(`dead${n}.test`)));
    assert.equal(names().length, 4);
    const other = deliver("good.test", "b");
    queryFor("good.test").resolve(ADDRESSES);
    assert.deepEqual(await other.addresses, ADDRESSES);
    assert.equal(names().length, 5, "the slot of another workspace is not for the first");
    queryFor("dead0.test").resolve(ADDRESSES);
    await until(() => names().length === 6, "its own slot goes to its next name");
    assert.equal(names()[5], "dead4.test");
  });

  test("never gets the last slots, however many workspaces have taken theirs", async (t) => {
    const limits = { deliveryLimits: { total: 20, perWorkspace: 16 } };
    const { deliver, names } = openLookups(t, limits);
    const greedy = ["a", "b", "c", "d"];
    for (const workspaceId of greedy) {
      ignore(Array.from({ length: 20 }, (_, n) => deliver(`dead${n}.${workspaceId}.test`, workspaceId)));
    }
    assert.ok(names().length < 16, `${names().length} slots are taken`);
    ignore(["e", "f", "g", "h"].map((newcomer) => deliver(`good.${newcomer}.test`, newcomer)));
    assert.deepEqual(
      names().filter((name) => name.startsWith("good")),
      ["e", "f", "g", "h"].map((newcomer) => `good.${newcomer}.test`),
    );
  });

  test("takes turns with the others when no slot is left", async (t) => {
    const { deliver, queries, names } = openLookups(t, { deliveryLimits: { total: 2, perWorkspace: 1 } });
    ignore([deliver("one.test", "x"), deliver("two.test", "y")]);
    ignore([1, 2, 3].map((n) => deliver(`a${n}.test`, "a")));
    ignore([deliver("b1.test", "b"), deliver("b2.test", "b"), deliver("c1.test", "c")]);
    for (let n = 0; n < 6; n += 1) {
      queries[n]?.resolve(ADDRESSES);
      await until(() => names().length === Math.min(3 + n, 8), "the next one starts");
    }
    assert.deepEqual(names().slice(2), ["a1.test", "b1.test", "c1.test", "a2.test", "b2.test", "a3.test"]);
  });

  test("has separate slots for its people and for its deliveries", async (t) => {
    const { deliver, person, queryFor, names } = openLookups(t, FEW);
    ignore(Array.from({ length: 30 }, (_, n) => deliver(`dead${n}.test`)));
    const mine = person("good.test");
    queryFor("good.test").resolve(ADDRESSES);
    assert.deepEqual(await mine.addresses, ADDRESSES);
    ignore(Array.from({ length: 30 }, (_, n) => person(`dead-too${n}.test`)));
    const other = person("good2.test", "b");
    assert.equal(names().filter((name) => name.startsWith("dead-too")).length, 2);
    queryFor("good2.test").resolve(ADDRESSES);
    assert.deepEqual(await other.addresses, ADDRESSES);
  });
});

suite("without a slot in time", () => {
  test("a lookup is busy, and the name server was never queried", async (t) => {
    const { deliver, names } = openLookups(t, { ...FEW, queueTimeoutMs: 30 });
    ignore([1, 2, 3, 4].map((n) => deliver(`dead${n}.test`)));
    const late = deliver("good.test");
    assert.equal(late.overdueCode, "dns_busy");
    assert.equal(await resultOf(late.addresses), "dns_busy");
    assert.equal(names().length, 4);
  });

  test("a cancelled lookup does not take a slot that becomes free", async (t) => {
    const { deliver, names, queryFor } = openLookups(t, FEW);
    ignore([1, 2, 3, 4].map((n) => deliver(`dead${n}.test`)));
    deliver("gone.test").cancel();
    ignore([deliver("next.test")]);
    queryFor("dead1.test").resolve(ADDRESSES);
    await until(() => names().length === 5, "the next one starts");
    assert.equal(names()[4], "next.test");
  });
});

suite("a name whose lookup timed out", () => {
  const SHORT = { lookupTimeoutMs: 40 };

  test("fails immediately without a slot, for all workspaces, and is then probed by one lookup", async (t) => {
    const failedNames = new FailedNames(80);
    const { deliver, names, queryFor } = openLookups(t, { ...SHORT, failedNames });
    const first = deliver("dead.test");
    assert.equal(first.overdueCode, "dns_timeout");
    assert.equal(await resultOf(first.addresses), "dns_timeout");
    assert.equal(queryFor("dead.test").signal.aborted, true);
    for (const workspaceId of ["a", "b"]) {
      assert.equal(await resultOf(deliver("dead.test", workspaceId).addresses), "dns_timeout");
    }
    assert.deepEqual(names(), ["dead.test"]);

    const ended = performance.now() + 90;
    await until(() => performance.now() > ended, "the memory has ended");
    const probes = [deliver("dead.test"), deliver("dead.test")];
    assert.deepEqual(names(), ["dead.test", "dead.test"]);
    queryFor("dead.test").resolve(ADDRESSES);
    for (const { addresses } of probes) assert.deepEqual(await addresses, ADDRESSES);
    assert.equal(failedNames.isSuspect("dead.test"), false, "a name that resolved again is as good as any");
  });

  test("leaves slots of its workspace to names that did not", async (t) => {
    const { deliver, names } = openLookups(t, { ...FEW, ...SHORT, failedNames: new FailedNames(0) });
    const dead = ["1", "2", "3", "4"].map((n) => `dead${n}.test`);
    await Promise.all(dead.map((name) => resultOf(deliver(name).addresses)));
    const before = names().length;
    ignore([...dead, "good1.test", "good2.test"].map((name) => deliver(name)));
    assert.deepEqual(names().slice(before), ["dead1.test", "dead2.test", "good1.test", "good2.test"]);
  });

  test("is remembered in a list of bounded length", () => {
    const failedNames = new FailedNames();
    for (let n = 0; n < 5_000; n += 1) failedNames.remember(`dead${n}.test`, new SendError("dns_timeout"));
    assert.equal(failedNames.pausedBy("dead0.test"), null);
    assert.equal(failedNames.pausedBy("dead4999.test")?.failureCode, "dns_timeout");
  });
});

suite("a lookup that fails fast", () => {
  test("is not remembered", async (t) => {
    const { deliver, names, queryFor } = openLookups(t);
    const first = deliver("x.test");
    queryFor("x.test").fail(new SendError("dns_failed", "ESERVFAIL"));
    assert.equal(await resultOf(first.addresses), "dns_failed");
    ignore([deliver("x.test")]);
    assert.equal(names().length, 2);
  });
});

suite("close", () => {
  test("interrupts running and waiting lookups", async (t) => {
    const { lookups, deliver, queryFor } = openLookups(t, FEW);
    const all = Array.from({ length: 6 }, (_, n) => deliver(`x${n}.test`));
    lookups.close();
    for (const { addresses } of all) assert.equal(await resultOf(addresses), "interrupted");
    assert.equal(queryFor("x0.test").signal.aborted, true);
  });
});

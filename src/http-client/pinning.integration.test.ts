import assert from "node:assert/strict";
import http from "node:http";
import { suite, type TestContext, test } from "node:test";
import { listen, type Receiver } from "../../test/support/listen.ts";
import { openEgress } from "../../test/support/open-egress.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Egress, Resolve } from "./egress.ts";

const WORKSPACE = "ws_1";

/** 127.0.0.1 represents an allowed address, 127.0.0.2 a private one. */
const OPENED = { allowLoopback: false, allowedCidrs: ["127.0.0.1/32"] };

async function startTwins(t: TestContext): Promise<{ port: number; good: Receiver; secret: Receiver }> {
  const serve = () =>
    http.createServer((_incoming, response) => response.setHeader("connection", "close").end());
  const good = await listen(t, serve());
  const secret = await listen(t, serve(), { host: "127.0.0.2", port: good.port });
  return { port: good.port, good, secret };
}

/** Only Linux can listen on addresses of 127.0.0.0/8 besides 127.0.0.1. */
const TWINS = { skip: process.platform !== "linux" };

/** Resolves each lookup to the next of these, and counts lookups. */
function resolverOf(...results: readonly string[][]): { resolve: Resolve; lookups: () => number } {
  let lookups = 0;
  const resolve: Resolve = async () => results[lookups++] ?? [];
  return { resolve, lookups: () => lookups };
}

function post(egress: Egress, port: number, host = "rebind.test"): Promise<Outcome> {
  return egress.send({ url: new URL(`http://${host}:${port}/`), headers: {}, body: "{}" });
}

function codeOf(outcome: Outcome): string | number {
  return outcome.kind === "failure" ? outcome.failure.code : outcome.response.status;
}

suite("a name that changes its address", () => {
  test("is looked up once per connection, and the socket goes to a checked address", TWINS, async (t) => {
    const { port, good, secret } = await startTwins(t);
    const { resolve, lookups } = resolverOf(["127.0.0.1"], ["127.0.0.2"]);
    const egress = openEgress(t, { ...OPENED, resolve });

    assert.equal(codeOf(await post(egress, port)), 200);
    assert.deepEqual([lookups(), good.connections(), secret.connections()], [1, 1, 0]);

    // The receiver closed the connection, so the next one is checked anew.
    const outcome = await post(egress, port);
    assert.ok(outcome.kind === "failure");
    assert.deepEqual([outcome.failure.code, outcome.failure.stage], ["blocked_address", "dns"]);
    assert.match(outcome.failure.detail ?? "", /^rebind\.test leads to a loopback address/);
    assert.deepEqual([lookups(), good.connections(), secret.connections()], [2, 1, 0]);
  });

  test("between save and send is refused when sent to", TWINS, async (t) => {
    const { port, good, secret } = await startTwins(t);
    const { resolve } = resolverOf(["127.0.0.1"], ["127.0.0.2"], ["169.254.169.254"]);
    const egress = openEgress(t, { ...OPENED, resolve });
    assert.equal((await egress.checkUrl(`http://rebind.test:${port}/`, WORKSPACE)).allowed, true);
    assert.equal(codeOf(await post(egress, port)), "blocked_address");
    assert.equal(codeOf(await post(egress, port)), "blocked_address");
    assert.deepEqual([good.connections(), secret.connections()], [0, 0]);
  });

  test("to a public address is not sent to without encryption", async (t) => {
    const { resolve } = resolverOf(["93.184.215.14"]);
    const egress = openEgress(t, { ...OPENED, resolve });
    assert.equal(codeOf(await post(egress, 8080)), "blocked_url");
  });
});

suite("a name with several addresses", () => {
  test("is refused for one bad address among good ones, whatever their order", TWINS, async (t) => {
    const { port, good, secret } = await startTwins(t);
    for (const addresses of [
      ["127.0.0.1", "127.0.0.2"],
      ["127.0.0.2", "127.0.0.1"],
    ]) {
      const egress = openEgress(t, { ...OPENED, resolve: async () => addresses });
      assert.equal(codeOf(await post(egress, port)), "blocked_address");
    }
    assert.deepEqual([good.connections(), secret.connections()], [0, 0]);
  });

  test("is reached at the next one if the first refuses", async (t) => {
    const server = http.createServer((_incoming, response) => response.end());
    const { port, connections } = await listen(t, server);
    const egress = openEgress(t, { resolve: async () => ["127.0.0.3", "127.0.0.2", "127.0.0.1"] });
    assert.equal(codeOf(await post(egress, port)), 200);
    assert.equal(connections(), 1);
  });

  test("fails as connection_refused if every one refuses", async (t) => {
    const { port } = await listen(t, http.createServer());
    const egress = openEgress(t, { resolve: async () => ["127.0.0.3", "127.0.0.2"] });
    const outcome = await post(egress, port);
    assert.ok(outcome.kind === "failure");
    assert.deepEqual(outcome.failure, {
      code: "connection_refused",
      stage: "connect",
      detail: "ECONNREFUSED",
    });
  });
});

suite("a name with concurrent callers", () => {
  test("is looked up once, and again for the next caller", async (t) => {
    const server = http.createServer((_incoming, response) => response.end());
    const { port, connections } = await listen(t, server);
    let lookups = 0;
    const egress = openEgress(t, {
      resolve: async () => {
        lookups += 1;
        return ["127.0.0.1"];
      },
    });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => post(egress, port)));
    assert.deepEqual(outcomes.map(codeOf), [200, 200, 200, 200, 200]);
    assert.deepEqual([lookups, connections()], [1, 5]);
    await egress.checkUrl("https://rebind.test/", WORKSPACE);
    assert.equal(lookups, 2);
  });
});

suite("this machine's own names", () => {
  test("lead to loopback without a lookup", async (t) => {
    const { port } = await listen(
      t,
      http.createServer((_incoming, response) => response.end()),
    );
    const { resolve, lookups } = resolverOf(["10.0.0.1"]);
    const egress = openEgress(t, { resolve });
    for (const host of ["localhost", "LOCALHOST.", "app.localhost", "127.0.0.1", "2130706433"]) {
      assert.equal(codeOf(await post(egress, port, host)), 200);
    }
    assert.equal(lookups(), 0);
  });
});

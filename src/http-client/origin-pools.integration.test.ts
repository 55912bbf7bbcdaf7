import assert from "node:assert/strict";
import http from "node:http";
import { suite, type TestContext, test } from "node:test";
import tls from "node:tls";
import { listen } from "../../test/support/listen.ts";
import { until } from "../../test/support/until.ts";
import type { Outcome } from "../domain/outcome.ts";
import { createAddressPolicy } from "./address-policy.ts";
import { Deadlines } from "./deadlines.ts";
import { OriginPools } from "./origin-pools.ts";
import { type Exchange, sendRequest } from "./send-request.ts";

/** Pools for two origins, with their deadlines. */
function openPools(t: TestContext) {
  const connectDeadlines = new Deadlines(5_000);
  const deadlines = new Deadlines<Exchange<unknown>>(15_000);
  const pools = new OriginPools(
    {
      judgeAddress: createAddressPolicy({ allowedCidrs: [], allowLoopback: true }),
      lookups: {
        lookUp: () => {
          throw new Error("an address is not looked up");
        },
      },
      proxy: null,
      secureContext: () => tls.createSecureContext(),
      deadlines: connectDeadlines,
    },
    2,
  );
  t.after(async () => {
    await pools.close();
    connectDeadlines.close();
    deadlines.close();
  });
  const send = (port: number, path = "/"): Promise<Outcome> => {
    const url = new URL(`http://127.0.0.1:${port}${path}`);
    const target = { kind: "addresses", addresses: ["127.0.0.1"] } as const;
    const pool = pools.find(url.origin) ?? pools.open(url.origin, target);
    return sendRequest({ url, headers: {}, body: "{}" }, pool, deadlines, performance.now());
  };
  return { pools, send, waiting: () => [...deadlines.underWay(), ...connectDeadlines.underWay()] };
}

const originOf = ({ port }: { readonly port: number }) => `http://127.0.0.1:${port}`;

/** A receiver that keeps idle connections for 60 s and responds to `/hold` only when the test says so. */
async function startUnresponsive(t: TestContext) {
  const pending: http.ServerResponse[] = [];
  const server = http.createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    if (incoming.url === "/hold") pending.push(response);
    else response.end();
  });
  return { ...(await listen(t, server)), server, pending };
}

suite("opening one origin too many", () => {
  test("retires the least recently used origin", async (t) => {
    const [a, b, c] = [await startUnresponsive(t), await startUnresponsive(t), await startUnresponsive(t)];
    const { pools, send } = openPools(t);
    for (const { port } of [a, b, a]) assert.equal((await send(port)).kind, "response");
    assert.deepEqual([a.connections(), b.connections()], [1, 1]);

    assert.equal((await send(c.port)).kind, "response");
    await until(() => b.open() === 0, "the least recently used origin is closed");
    assert.deepEqual([a.open(), c.open()], [1, 1]);
    assert.equal(pools.find(originOf(b)), null);
    assert.equal((await send(b.port)).kind, "response");
    assert.equal(b.connections(), 2);
  });

  test("lets the retired one finish its requests, and then closes it", async (t) => {
    const [a, b, c] = [await startUnresponsive(t), await startUnresponsive(t), await startUnresponsive(t)];
    const { pools, send } = openPools(t);
    const slow = send(a.port, "/hold");
    await until(() => a.pending.length === 1, "the slow request has arrived");
    await send(b.port);
    await send(c.port);
    assert.equal(pools.find(originOf(a)), null);
    assert.equal(a.open(), 1);
    a.pending[0]?.end();
    assert.equal((await slow).kind, "response");
    await until(() => a.open() === 0, "the retired origin is closed");
    assert.equal(a.connections(), 1);
  });

  test("lets close reach the retired one", async (t) => {
    const [a, b, c] = [await startUnresponsive(t), await startUnresponsive(t), await startUnresponsive(t)];
    const { pools, send } = openPools(t);
    const slow = send(a.port, "/hold");
    await until(() => a.pending.length === 1, "the slow request has arrived");
    await send(b.port);
    await send(c.port);
    await pools.close();
    const outcome = await slow;
    assert.ok(outcome.kind === "failure");
    assert.equal(outcome.failure.code, "interrupted");
  });
});

suite("nothing is left", () => {
  test("of an origin whose connections have closed", async (t) => {
    const a = await startUnresponsive(t);
    const { pools, send } = openPools(t);
    await Promise.all([send(a.port), send(a.port), send(a.port)]);
    assert.notEqual(pools.find(originOf(a)), null);
    a.server.closeIdleConnections();
    await until(() => pools.find(originOf(a)) === null, "the origin is forgotten");
  });

  test("of an origin that could not be connected", async (t) => {
    const a = await startUnresponsive(t);
    a.server.close();
    const { pools, send, waiting } = openPools(t);
    for (let n = 0; n < 10; n += 1) assert.equal((await send(a.port)).kind, "failure");
    assert.equal(pools.find(originOf(a)), null);
    assert.deepEqual(waiting(), []);
  });

  test("of the deadlines of finished requests", async (t) => {
    const a = await startUnresponsive(t);
    const { send, waiting } = openPools(t);
    for (let n = 0; n < 10; n += 1) await send(a.port);
    assert.deepEqual(waiting(), []);
  });
});

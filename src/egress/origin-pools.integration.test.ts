import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";
import tls from "node:tls";
import { createAddressPolicy } from "./address-policy.ts";
import { Deadlines } from "./deadlines.ts";
import { OriginPools } from "./origin-pools.ts";
import { listen, until } from "./receiver.fixture.ts";
import { sendRequest } from "./send-request.ts";

test("opening one origin too many retires the least recently used, and lets it finish what it sends", async (t) => {
  const held: http.ServerResponse[] = [];
  const start = () =>
    listen(
      t,
      http.createServer((incoming, response) => {
        if (incoming.url === "/hold") held.push(response);
        else response.end();
      }),
    );
  const [a, b, c] = [await start(), await start(), await start()];

  const connectDeadlines = new Deadlines(5_000);
  const deadlines = new Deadlines(15_000);
  const pools = new OriginPools(
    {
      judgeAddress: createAddressPolicy({ allowedCidrs: [], allowLoopback: true }),
      resolve: async () => [],
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
  const send = async (port: number, path = "/") => {
    const url = new URL(`http://127.0.0.1:${port}${path}`);
    const target = { kind: "addresses", addresses: ["127.0.0.1"] } as const;
    const pool = pools.find(url.origin) ?? pools.open(url.origin, target);
    const outcome = await sendRequest({ url, headers: {}, body: "{}" }, pool, deadlines, performance.now());
    assert.equal(outcome.kind, "response", JSON.stringify(outcome));
  };

  await send(a.port);
  await send(b.port);
  await send(a.port);
  assert.deepEqual([a.connections(), b.connections()], [1, 1]);
  assert.equal(pools.size, 2);

  await send(c.port);
  await until(() => b.open() === 0, "the least recently used origin is closed");
  assert.deepEqual([a.open(), c.open(), pools.size], [1, 1, 2]);

  const slow = send(a.port, "/hold");
  await until(() => held.length === 1, "the slow request has arrived");
  await send(c.port);
  await send(b.port);
  assert.equal(pools.find(`http://127.0.0.1:${a.port}`), null);
  assert.equal(a.open(), 1);
  held[0]?.end();
  await slow;
  await until(() => a.open() === 0, "the retired origin closes with its last request");

  assert.deepEqual([a.connections(), b.connections(), c.connections()], [1, 2, 1]);
});

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { createEgress } from "./egress.ts";

it("opens and closes a connection without a request, and reports why one cannot be opened", async () => {
  let requests = 0;
  let connections = 0;
  const server = createServer(() => {
    requests++;
  });
  server.on("connection", () => {
    connections++;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const egress = createEgress({ allowedCidrs: [], allowLoopback: true, proxyUrl: null });
  assert.equal(await egress.probe(new URL(`http://127.0.0.1:${port}/`)), null);
  assert.deepEqual([connections, requests], [1, 0]);
  await new Promise((resolve) => server.close(resolve));
  const refused = await egress.probe(new URL(`http://127.0.0.1:${port}/`));
  assert.equal(refused?.code, "connection_refused");
  const blocked = await egress.probe(new URL("https://10.0.0.1/"));
  assert.equal(blocked?.code, "blocked_address");
  await egress.close();
});

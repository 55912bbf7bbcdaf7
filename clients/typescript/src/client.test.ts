import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { NetworkError, OpenSend } from "./index.ts";

const event = { type: "order.paid", data: {} };

async function serve(t: TestContext, listener: RequestListener): Promise<OpenSend> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return new OpenSend({ url: `http://127.0.0.1:${port}`, apiKey: "os_k" });
}

test("a signal ends a call that waits for its response", async (t) => {
  const controller = new AbortController();
  const opensend = await serve(t, () => controller.abort(new Error("no longer needed")));
  await assert.rejects(opensend.send(event, { signal: controller.signal }), /no longer needed/);
});

test("a signal ends a call that waits for its next attempt", async (t) => {
  const controller = new AbortController();
  const opensend = await serve(t, (_, response) => {
    response.writeHead(503, { "retry-after": "20" }).end();
    setTimeout(() => controller.abort(new Error("no longer needed")), 50);
  });
  await assert.rejects(opensend.send(event, { signal: controller.signal }), /no longer needed/);
});

test("an aborted signal prevents the request", async (t) => {
  const opensend = await serve(t, () => assert.fail("a request arrived"));
  const signal = AbortSignal.abort(new Error("never needed"));
  await assert.rejects(opensend.send(event, { signal }), /never needed/);
});

test("a response that is cut off counts as no response", async (t) => {
  const opensend = await serve(t, (_, response) => {
    response.writeHead(202, { "content-length": "100" }).write("{");
    setTimeout(() => response.destroy(), 20);
  });
  const once = new OpenSend({ url: "http://127.0.0.1:9", apiKey: "os_k", maxRetries: 0 });
  await assert.rejects(once.send(event), NetworkError);
  const controller = AbortSignal.timeout(400);
  await assert.rejects(opensend.send(event, { signal: controller }), { name: "TimeoutError" });
});

test("refuses invalid settings without quoting the key", () => {
  for (const [url, apiKey] of [
    ["ftp://a", "os_k"],
    ["http://u:p@a", "os_k"],
    ["http://a", "os_k\n"],
    ["http://a", ""],
    ["", "os_k"],
  ]) {
    assert.throws(
      () => new OpenSend({ url, apiKey }),
      (error: Error) => error instanceof TypeError && !error.message.includes("os_k"),
    );
  }
});

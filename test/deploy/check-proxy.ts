import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { Agent, type Dispatcher, request } from "undici";
import { makeSqlite } from "../support/databases.ts";
import { startInstance } from "../support/instance.ts";
import { startTestReceiver } from "../support/receiver.ts";
import { freePort, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import type { Ports, StartProxy } from "./proxies.ts";

const DEPLOY = join(import.meta.dirname, "..", "..", "deploy");
const HOST = "opensend.example.com";
/** Differs from the proxy's address, so that OpenSend can be seen to record the client's. */
const CLIENT_ADDRESS = "127.0.0.2";
const RECEIVER_TIMEOUT_S = 60;
/** OpenSend closes idle connections after this time, so a proxy must close them sooner. */
const IDLE_MS = 75_000;
/** A proxy that buffers a stream would send the event no sooner than the next heartbeat, 15 s later. */
const STREAM_DEADLINE_MS = 5000;
/** One is sent every 15 s, so this many take longer than a minute. */
const HEARTBEATS = 6;
const LONG_STREAM_MS = 120_000;

type Call = (
  path: string,
  headers?: Record<string, string>,
  body?: string,
) => Promise<Dispatcher.ResponseData>;
type Behind = { readonly call: Call; readonly http: number };

/** Checks what every proxy must forward to OpenSend: pages, client addresses, large batches and streams, over HTTPS only. */
export async function checkProxy(startProxy: StartProxy, folder: string): Promise<void> {
  await behindProxy(startProxy, folder, async ({ call, http }) => {
    const page = await call("/", { accept: "text/html" });
    assert.equal(page.statusCode, 200);
    assert.match(String(page.headers["strict-transport-security"]), /max-age/, "it knows of HTTPS");
    await page.body.dump();
    await checkAddress(call);
    const events = Array.from({ length: 20 }, (_, n) => ({
      type: "a.b",
      data: { n, text: "x".repeat(150_000) },
    }));
    const sent = await call("/api/events/batch", {}, JSON.stringify(events));
    assert.equal(sent.statusCode, 202, await sent.body.text());
    await checkStream(call);
    const plain = await request(`http://127.0.0.1:${http}/a?b=c`, { headers: { host: HOST } });
    await plain.body.dump();
    assert.ok([301, 308].includes(plain.statusCode), String(plain.statusCode));
    assert.match(String(plain.headers["location"]), /^https:\/\/opensend\.example\.com.*\/a\?b=c$/);
  });
}

/** The audit log records the client's address, not the one in forged headers. */
async function checkAddress(call: Call): Promise<void> {
  const forged = {
    "x-forwarded-for": "203.0.113.7",
    "x-real-ip": "203.0.113.7",
    forwarded: "for=203.0.113.7",
  };
  const body = JSON.stringify({ webhook_url: "https://receiver.example.com", event_types: ["none"] });
  const made = await call("/api/integrations/webhook", forged, body);
  assert.equal(made.statusCode, 201, await made.body.text());
  const listed = await call("/api/audit-log?limit=1");
  const { data } = (await listed.body.json()) as { data: { actor: { address: string } }[] };
  assert.equal(data[0]?.actor.address, CLIENT_ADDRESS);
}

/** The stream sends a change as soon as it happens. */
async function checkStream(call: Call): Promise<void> {
  const stream = await openStream(call);
  await until(() => /^retry: /.test(stream.text()), "the stream begins", STREAM_DEADLINE_MS);
  const sent = await call("/api/events", {}, JSON.stringify({ type: "a.streamed", data: {} }));
  assert.equal(sent.statusCode, 202, await sent.body.text());
  await until(() => stream.text().includes('"a.streamed"'), "the stream has the event", STREAM_DEADLINE_MS);
}

/** Sends a test event with the longest timeout to a receiver that never responds. */
export async function checkSlowReceiver(startProxy: StartProxy, folder: string): Promise<void> {
  const receiver = await startTestReceiver();
  receiver.respond = () => {};
  try {
    await behindProxy(startProxy, folder, async ({ call }) => {
      const body = { webhook_url: receiver.url, event_types: ["none"], timeout_seconds: RECEIVER_TIMEOUT_S };
      const made = await call("/api/integrations/webhook", {}, JSON.stringify(body));
      const { data } = (await made.body.json()) as { data: { id: string } };
      const tested = await call(`/api/integrations/connections/${data.id}/test`, {}, "");
      const text = await tested.body.text();
      assert.equal(tested.statusCode, 200, text);
      assert.equal(JSON.parse(text).delivery.ok, false);
    });
  } finally {
    await receiver.close();
  }
}

/** A proxy that ends every request after one minute would cut a stream. */
export async function checkLongStream(startProxy: StartProxy, folder: string): Promise<void> {
  await behindProxy(startProxy, folder, async ({ call }) => {
    const stream = await openStream(call);
    await until(() => stream.text().split("\n: \n").length > HEARTBEATS, "a stream lives on", LONG_STREAM_MS);
  });
}

async function openStream(call: Call): Promise<{ readonly text: () => string }> {
  const stream = await call("/api/stream", { accept: "text/event-stream" });
  let text = "";
  stream.body.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  // The agent ends the stream when the test ends.
  stream.body.on("error", () => {});
  return { text: () => text };
}

/** The proxy must close idle connections first: a request on a connection that OpenSend is just closing would fail. */
export async function checkIdleConnections(startProxy: StartProxy, folder: string): Promise<void> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ keepAliveTimeout: 0 }, (_, response) => response.end("{}"));
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const [http, https] = await Promise.all([freePort(), freePort()]);
  const ports = { http, https, port };
  const stop = await startProxy(DEPLOY, mkdtempSync(join(folder, "proxy-")), ports);
  const client = clientOf(ports, "none");
  try {
    await untilServing(client.call);
    const before = connections;
    const { body } = await client.call("/");
    await body.dump();
    assert.ok(connections > 0 && connections - before <= 1);
    await until(() => sockets.size === 0, "the proxy has closed its connections", IDLE_MS);
  } finally {
    await client.end();
    await stop();
    server.close();
  }
}

async function behindProxy(
  startProxy: StartProxy,
  folder: string,
  work: (behind: Behind) => Promise<void>,
): Promise<void> {
  const [http, https, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const instance = await startInstance(makeSqlite);
  await instance.server.stop();
  const environment = {
    ...instance.environment,
    PORT: String(port),
    OPENSEND_PUBLIC_URL: `https://${HOST}:${https}`,
    OPENSEND_TRUSTED_PROXIES: "127.0.0.1",
    OPENSEND_OUTBOUND_ALLOWED_CIDRS: "127.0.0.1/32",
  };
  const server = await startServer(environment, { dataDir: instance.database.dataDir });
  const ports = { http, https, port };
  const stop = await startProxy(DEPLOY, mkdtempSync(join(folder, "proxy-")), ports);
  const client = clientOf(ports, instance.key);
  try {
    await untilServing(client.call);
    await work({ call: client.call, http });
  } finally {
    await client.end();
    await stop();
    await server.stop();
    await instance.remove();
  }
}

/** Calls through the proxy from a client address of its own. */
function clientOf({ https }: Ports, key: string): { readonly call: Call; readonly end: () => Promise<void> } {
  const agent = new Agent({
    // The certificate was created for this test.
    connect: { rejectUnauthorized: false, servername: HOST },
    localAddress: CLIENT_ADDRESS,
    headersTimeout: 2 * RECEIVER_TIMEOUT_S * 1000,
  });
  const call: Call = (path, headers = {}, body) =>
    request(`https://127.0.0.1:${https}${path}`, {
      dispatcher: agent,
      method: body === undefined ? "GET" : "POST",
      headers: {
        host: `${HOST}:${https}`,
        authorization: `Bearer ${key}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  return { call, end: () => agent.destroy() };
}

/** Caddy creates its certificate, and Traefik reads its routes, only after they start to listen. */
async function untilServing(call: Call): Promise<void> {
  await until(
    () =>
      call("/api/health").then(
        ({ body, statusCode }) => body.dump().then(() => statusCode === 200),
        () => false,
      ),
    "the proxy passes on a request",
  );
}

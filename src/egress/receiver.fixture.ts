import type { AddressInfo, Server, Socket } from "node:net";
import type { TestContext } from "node:test";
import { createEgress, type Egress, type EgressOptions } from "./egress.ts";

export type Receiver = {
  readonly port: number;
  /** Connections accepted so far. */
  readonly connections: () => number;
  /** Connections open now. */
  readonly open: () => number;
};

/** Listens on a free port until the test ends. Works for every server of Node: net, tls, http and https. */
export async function listen(
  t: TestContext,
  server: Server,
  { host = "127.0.0.1", port = 0 }: { host?: string; port?: number } = {},
): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // What the other side breaks off is the subject of many of these tests.
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address() as AddressInfo;
  return { port: address.port, connections: () => connections, open: () => sockets.size };
}

/** An egress for one test; unless told otherwise loopback is allowed and no name resolves. */
export function openEgress(t: TestContext, options: Partial<EgressOptions> = {}): Egress {
  const egress = createEgress({
    allowedCidrs: [],
    allowLoopback: true,
    proxyUrl: null,
    resolve: async () => [],
    ...options,
  });
  t.after(() => egress.close());
  return egress;
}

/** Waits until something holds; fails when it does not within seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

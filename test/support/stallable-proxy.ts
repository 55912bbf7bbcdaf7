import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy between a process and its database that can stop forwarding without closing connections. */
export type StallableProxy = {
  readonly port: number;
  /** Stops forwarding from now on, in both directions; connections stay open. */
  readonly stall: () => void;
  /** Forwards the traffic it held, then everything that follows. */
  readonly resume: () => void;
  readonly close: () => Promise<void>;
};

export async function startStallableProxy(targetPort: number): Promise<StallableProxy> {
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let isStalled = false;
  const pass = (work: () => void) => {
    if (isStalled) waiting.push(work);
    else work();
  };
  const join = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on("data", (chunk) => pass(() => void to.write(chunk)));
    from.on("close", () => {
      sockets.delete(from);
      pass(() => void to.destroy());
    });
    // Tests may close either end on purpose.
    from.on("error", () => undefined);
  };
  const server = createServer((near) => {
    const far = connect(targetPort, "127.0.0.1");
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stall: () => {
      isStalled = true;
    },
    resume: () => {
      isStalled = false;
      for (const work of waiting.splice(0)) work();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

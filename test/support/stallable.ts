import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What is between a process and its database, and can keep back all that goes through it without cutting it. */
export type Stallable = {
  readonly port: number;
  /** Keeps back what comes from now on, in both directions; connections stay open. */
  readonly stall: () => void;
  /** Passes on what was kept back, then everything. */
  readonly resume: () => void;
  readonly close: () => Promise<void>;
};

export async function startStallable(targetPort: number): Promise<Stallable> {
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
    // An end that goes away is one of the things a test may want.
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

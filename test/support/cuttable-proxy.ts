import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP proxy between a browser and a server that can cut all connections. */
export type CuttableProxy = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Cuts every connection immediately, and refuses new ones until `mend` is called. */
  readonly cut: () => void;
  readonly restore: () => void;
  readonly close: () => Promise<void>;
};

export async function startCuttableProxy(targetUrl: string): Promise<CuttableProxy> {
  const port = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  let isCut = false;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // Tests cut connections on purpose.
    socket.on("error", () => undefined);
  };
  const server = createServer((near) => {
    track(near);
    if (isCut) return near.destroy();
    const far = connect(port, "127.0.0.1");
    track(far);
    near.pipe(far).pipe(near);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      isCut = true;
      cutAll();
    },
    restore: () => {
      isCut = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}

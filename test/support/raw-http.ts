import { connect, type Socket } from "node:net";

type RawExchange = {
  readonly socket: Socket;
  /** Everything received so far. */
  readonly received: () => string;
  /** Resolves with everything received when the server has closed the connection. */
  readonly closed: Promise<string>;
};

/** Opens a connection and sends exactly these bytes. */
export function sendRaw(url: string, bytes: string | Uint8Array): RawExchange {
  const { hostname, port } = new URL(url);
  let received = "";
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  // In these tests the server breaks off connections on purpose.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(received)));
  return { socket, received: () => received, closed };
}

import { connect, type Socket } from "node:net";

type RawExchange = {
  readonly socket: Socket;
  /** What has come so far. */
  readonly received: () => string;
  /** Resolves with all that came when the server has closed the connection. */
  readonly closed: Promise<string>;
};

/** Opens a connection and sends these bytes as they are. */
export function sendRaw(url: string, bytes: string | Uint8Array): RawExchange {
  const { hostname, port } = new URL(url);
  let received = "";
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
  });
  // What the server breaks off is the subject of these tests.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(received)));
  return { socket, received: () => received, closed };
}

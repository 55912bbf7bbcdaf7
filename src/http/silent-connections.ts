import type { Socket } from "node:net";
import type { ApiServer } from "./api-server.ts";

/**
 * Closes connections without a request when the server stops. Browsers open some in advance, and Node would wait for
 * them as if they had requests in progress.
 */
export function registerSilentConnections(app: ApiServer): void {
  const silent = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  app.server.on("request", ({ socket }) => silent.delete(socket));
  app.addHook("preClose", async () => {
    for (const socket of silent) socket.destroy();
  });
}

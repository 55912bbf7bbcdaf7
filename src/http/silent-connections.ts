import type { Socket } from "node:net";
import type { ApiServer } from "./api-server.ts";

/**
 * Closes connections that have not asked for anything when the server stops. Browsers open some in advance; Node takes
 * them for requests under way and would wait for them for as long as they stay silent.
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

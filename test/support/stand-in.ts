import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createAuthority } from "./certificates.ts";

export type StandIn = {
  /** Environment variables that make a server send all its requests here. */
  readonly environment: Record<string, string>;
  readonly received: { readonly url: string; readonly body: string }[];
  /** The status of responses from now on. The body echoes the request, URL, headers and body, as debugging tools do. */
  status: number;
  /** The body to send instead of the echo. */
  responseBody: string | null;
  readonly close: () => Promise<void>;
};

/**
 * Replaces hosts on the internet: a forward proxy that connects every name to a local TLS server, with certificates for
 * these names from its own authority. Nothing leaves the machine.
 */
export async function startStandIn(names: readonly string[]): Promise<StandIn> {
  const authority = await createAuthority();
  const folder = mkdtempSync(join(tmpdir(), "opensend-stand-in-"));
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, authority.cert);

  const received: { url: string; body: string }[] = [];
  const server = createServer({ ...(await authority.issue({ names })) }, (request, response) => {
    const url = `https://${request.headers.host}${request.url}`;
    const take = (body: string) => {
      received.push({ url, body });
      response.writeHead(standIn.status, { "content-type": "application/json", "x-echo": url });
      response.end(standIn.responseBody ?? JSON.stringify({ url, headers: request.headers, body }));
    };
    text(request).then(take, () => response.destroy());
  });
  const port = await listen(server);

  const sockets = new Set<Socket>();
  const proxy = createProxy();
  proxy.on("connect", (_request, client: Socket) => {
    const target = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(target).pipe(client);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
  });
  const proxyPort = await listen(proxy);

  const standIn: StandIn = {
    environment: {
      OPENSEND_OUTBOUND_PROXY: `http://127.0.0.1:${proxyPort}`,
      NODE_EXTRA_CA_CERTS: authorityFile,
    },
    received,
    status: 200,
    responseBody: null,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await Promise.all([server, proxy].map((one) => new Promise((resolve) => one.close(resolve))));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return standIn;
}

async function listen(
  server: ReturnType<typeof createServer> | ReturnType<typeof createProxy>,
): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

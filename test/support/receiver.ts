import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type TestReceiver = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly received: Received[];
  /** Writes the responses from now on; by default 200 with a small JSON body. */
  respond: (response: ServerResponse, request: Received) => void;
  readonly close: () => Promise<void>;
};

/** A real HTTP server that keeps the requests it receives and responds as the test chooses. */
export async function startTestReceiver(): Promise<TestReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const take = (body: string) => {
      const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      received.push(one);
      receiver.respond(response, one);
    };
    // A request that breaks off before its end does not count as received.
    text(request).then(take, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: TestReceiver = {
    url: `http://127.0.0.1:${port}`,
    received,
    respond: (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"received":true}');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

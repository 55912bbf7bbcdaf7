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
  /** How it answers from now on; 200 with a small JSON body at first. */
  answer: (response: ServerResponse, request: Received) => void;
  readonly close: () => Promise<void>;
};

/** A real HTTP server that keeps what it was sent and answers as told. */
export async function startTestReceiver(): Promise<TestReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const take = (body: string) => {
      const one = { method: request.method ?? "", path: request.url ?? "", headers: request.headers, body };
      received.push(one);
      receiver.answer(response, one);
    };
    // A sender that goes away before its request is complete has sent nothing.
    text(request).then(take, () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: TestReceiver = {
    url: `http://127.0.0.1:${port}`,
    received,
    answer: (response) => {
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

import { Client } from "undici";

/** A keep-alive connection for one request at a time, with as little around undici as possible. */
export type PostClient = {
  /** Resolves with the status once the response has ended. */
  readonly post: (path: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number>;
  readonly close: () => Promise<void>;
};

const IDLE_TIMEOUT_MS = 60_000;

export function openPostClient(origin: string): PostClient {
  const client = new Client(origin, {
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    post: (path, headers, body) =>
      new Promise((resolve, reject) => {
        let status = 0;
        client.dispatch(
          { path, method: "POST", headers, body },
          {
            onRequestStart: () => undefined,
            onResponseStart: (_controller, statusCode) => {
              status = statusCode;
            },
            onResponseData: () => undefined,
            onResponseEnd: () => resolve(status),
            onResponseError: (_controller, error) => reject(error),
          },
        );
      }),
    close: () => client.destroy(),
  };
}

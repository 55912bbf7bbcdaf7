import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type ProxiedRequest = {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/**
 * The fate of a request: `pass` it on; `lose` its response after the server has handled it, or stay `mute` after that;
 * `drop` it; `hold` it without a response; or respond instead of the server.
 */
export type Fate =
  | "pass"
  | "lose"
  | "mute"
  | "drop"
  | "hold"
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** Decides the fate of each request to one address; requests are numbered from 1. */
export type Plan = (count: number, request: ProxiedRequest) => Fate;

export type FaultyAddress = {
  readonly url: string;
  readonly requests: readonly ProxiedRequest[];
};

export type FaultProxy = {
  readonly address: (plan: Plan) => FaultyAddress;
  readonly close: () => Promise<void>;
};

type Address = { readonly plan: Plan; readonly requests: ProxiedRequest[] };

/** A real proxy in front of a server, with a separate address for each plan. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const addresses: Address[] = [];
  const server = createServer((request, response) => {
    const [, index = "", path = ""] = /^\/faults-(\d+)(\/.*)$/.exec(request.url ?? "") ?? [];
    const address = addresses[Number(index)];
    if (address === undefined) return response.writeHead(404).end();
    text(request).then(
      (body) => {
        const { method = "", headers } = request;
        const proxied = { at: Date.now(), method, path, headers, body };
        address.requests.push(proxied);
        return applyFate(address.plan(address.requests.length, proxied), target, proxied, response);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: (plan) => {
      const requests: ProxiedRequest[] = [];
      addresses.push({ plan, requests });
      return { url: `http://127.0.0.1:${port}/faults-${addresses.length - 1}`, requests };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function applyFate(
  fate: Fate,
  target: string,
  proxied: ProxiedRequest,
  response: ServerResponse,
): Promise<void> {
  if (fate === "hold") return;
  if (fate === "drop") return void response.destroy();
  if (typeof fate === "object") {
    response.writeHead(fate.status, fate.headers);
    return void response.end(fate.body);
  }
  const { method, path, body } = proxied;
  const names = ["authorization", "content-type", "idempotency-key"] as const;
  const headers = names.flatMap((name) => {
    const value = proxied.headers[name];
    return value === undefined ? [] : [[name, String(value)] as [string, string]];
  });
  const upstream = await fetch(`${target}${path}`, { method, headers, ...(body === "" ? {} : { body }) });
  const payload = Buffer.from(await upstream.arrayBuffer());
  if (fate === "mute") return;
  if (fate === "lose") return void response.destroy();
  const contentType = upstream.headers.get("content-type") ?? "";
  const retryAfter = upstream.headers.get("retry-after");
  response.writeHead(upstream.status, {
    "content-type": contentType,
    ...(retryAfter === null ? {} : { "retry-after": retryAfter }),
  });
  response.end(payload);
}

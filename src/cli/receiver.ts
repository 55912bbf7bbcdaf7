import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { equalInConstantTime } from "../crypto/keyring.ts";
import { opensendSignature } from "../crypto/opensend-signature.ts";

const BODY_BYTES_MAX = 1024 * 1024;
const TOLERANCE_S = 300;

export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly verdict: SignatureVerdict;
};

export type SignatureVerdict =
  | { readonly state: "verified" | "not checked" }
  | { readonly state: "refused"; readonly reason: string };

export type Receiver = { readonly url: string; readonly close: () => Promise<void> };

/**
 * A local receiver for trying things out: reports whether each request's signature is valid, and returns 200 or 401.
 */
export async function startReceiver(options: {
  readonly port: number;
  readonly secret: string | null;
  readonly onRequest: (request: ReceivedRequest) => void;
}): Promise<Receiver> {
  const server = createServer((request, response) => {
    const respond = async () => {
      const body = await readBody(request);
      const headers = flatHeaders(request);
      const verdict = verify(options.secret, headers, body);
      options.onRequest({ method: request.method ?? "", path: request.url ?? "", headers, body, verdict });
      const refused = verdict.state === "refused";
      response.writeHead(refused ? 401 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(refused ? { error: verdict.reason } : { received: true }));
    };
    respond().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Verifies `x-opensend-signature` as docs/verifying.md describes. */
export function verify(
  secret: string | null,
  headers: Readonly<Record<string, string>>,
  body: string,
  nowMs = Date.now(),
): SignatureVerdict {
  if (secret === null) return { state: "not checked" };
  const signature = headers["x-opensend-signature"];
  const timestamp = headers["x-opensend-timestamp"];
  if (signature === undefined || timestamp === undefined) return { state: "refused", reason: "no signature" };
  const age = Math.abs(nowMs / 1000 - Number(timestamp));
  if (!/^\d+$/.test(timestamp) || age > TOLERANCE_S)
    return { state: "refused", reason: "timestamp too old or too new" };
  const expected = opensendSignature(secret, Number(timestamp), body);
  if (!equalInConstantTime(expected, signature))
    return { state: "refused", reason: "signature does not match" };
  return { state: "verified" };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error("body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
}

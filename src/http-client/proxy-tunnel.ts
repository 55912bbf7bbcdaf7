import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import { NON_BODY_BYTES_MAX, NON_BODY_TOO_LARGE } from "./read-limits.ts";
import { SendError } from "./send-error.ts";

export type OutboundProxy = {
  readonly isSecure: boolean;
  readonly host: string;
  readonly port: number;
  /** The Proxy-Authorization header; null if the URL has no user. */
  readonly authorization: string | null;
};

/**
 * @throws when the URL is not http:// or https://. The message does not repeat the URL, which can contain a password.
 */
export function readProxyUrl(text: string): OutboundProxy {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Error("The outbound proxy must be an http:// or https:// URL.");
  }
  const isSecure = url.protocol === "https:";
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    isSecure,
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isSecure ? 443 : 80) : Number(url.port),
    authorization: user === ":" ? null : `Basic ${Buffer.from(user).toString("base64")}`,
  };
}

/**
 * Asks the proxy for a tunnel (CONNECT, RFC 9110 section 9.3.6) to `authority`, a host and port. `hold` receives the
 * request, to destroy it in order to give up.
 *
 * @throws {SendError} `proxy_failed`, for any failure before the tunnel is open.
 */
export function openTunnel(
  proxy: OutboundProxy,
  authority: string,
  track: (request: { destroy(): void }) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = (proxy.isSecure ? https : http).request({
      method: "CONNECT",
      host: proxy.host,
      port: proxy.port,
      path: authority,
      agent: false,
      // Otherwise Node would use the Host header, which names the receiver and not the proxy.
      servername: isIP(proxy.host) === 0 ? proxy.host : "",
      headers: {
        host: authority,
        ...(proxy.authorization === null ? {} : { "proxy-authorization": proxy.authorization }),
      },
    });
    track(request);
    const stopCounting = limitBytes(request);
    request.once("connect", (response, socket, head) => {
      stopCounting();
      const status = response.statusCode ?? 0;
      // In neither TLS nor HTTP does the receiver speak first, so early bytes are not the receiver's.
      if (status >= 200 && status < 300 && head.length === 0) return resolve(socket);
      socket.on("error", () => undefined).destroy();
      reject(new SendError("proxy_failed", `HTTP ${status}`));
    });
    request.once("error", (error: NodeJS.ErrnoException) =>
      reject(error instanceof SendError ? error : new SendError("proxy_failed", error.code)),
    );
    request.end();
  });
}

/**
 * Limits all bytes before the tunnel; Node only limits the headers of a response. Returns a function that stops
 * counting.
 */
function limitBytes(request: http.ClientRequest): () => void {
  let stop: () => void = () => undefined;
  request.once("socket", (socket) => {
    const count = () => {
      if (socket.bytesRead > NON_BODY_BYTES_MAX) {
        request.destroy(new SendError("proxy_failed", NON_BODY_TOO_LARGE));
      }
    };
    socket.on("data", count);
    stop = () => void socket.off("data", count);
  });
  return () => stop();
}

import type { FastifyRequest } from "fastify";
import { isLoopbackHost } from "../../../config/load.ts";
import { equalInConstantTime } from "../../../crypto/keyring.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import type { Services } from "../../services.ts";

/** Headers by which a proxy says that the caller is somebody else. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** What Prometheus reads: for callers on this machine, and for those with the token. */
export function metricsRoute(
  app: ApiServer,
  {
    instance: {
      operations: { metrics },
      settings,
    },
  }: Services,
): void {
  app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    if (!isLocal(request, settings.trustedProxies)) requireToken(request, settings.metricsToken);
    return reply
      .type(metrics.contentType)
      .header("cache-control", "no-store")
      .send(await metrics.read());
  });
}

/**
 * Whether the caller is a program on this machine. With a proxy in front every caller has its address; a page in a
 * browser on this machine that leads its own name here has another Host.
 */
function isLocal(request: FastifyRequest, trustedProxies: readonly string[]): boolean {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const host = request.hostname.replace(/^\[|\]$/g, "");
  const isProxied = trustedProxies.length > 0 || PROXY_HEADERS.some((name) => name in request.headers);
  return isLoopbackHost(address) && isLoopbackHost(host) && !isProxied;
}

function requireToken(request: FastifyRequest, token: string | null): void {
  if (token === null) {
    throw new OpenSendError(
      "forbidden",
      "Metrics are for callers on this machine. Set OPENSEND_METRICS_TOKEN and send it as `Authorization: Bearer …` to read them from elsewhere.",
    );
  }
  const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (given !== undefined && equalInConstantTime(given, token)) return;
  throw new OpenSendError("unauthenticated", "Send OPENSEND_METRICS_TOKEN as `Authorization: Bearer …`.");
}

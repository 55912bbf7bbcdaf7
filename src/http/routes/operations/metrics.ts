import type { FastifyRequest } from "fastify";
import { isLoopbackHost } from "../../../config/load.ts";
import { equalInConstantTime } from "../../../crypto/keyring.ts";
import { OpenSendError } from "../../../domain/errors.ts";
import type { ApiServer } from "../../api-server.ts";
import { findSchemeFault, readBearer } from "../../bearer.ts";
import type { Services } from "../../services.ts";

/** Headers by which a proxy names the original caller. */
const PROXY_HEADERS = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-real-ip",
  "x-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "via",
];

/** Metrics for Prometheus: open to callers on this machine, and to callers with the token. */
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
    if (!isLocal(request, settings)) requireToken(request, settings.metricsToken);
    return reply
      .type(metrics.contentType)
      .header("cache-control", "no-store")
      .send(await metrics.read());
  });
}

/**
 * Whether the caller is a program on this machine. Behind a proxy, every caller has the proxy's address, and the proxy
 * can set any Host and drop any header, so the operator's settings decide whether a proxy is possible. The headers can
 * only deny: to an undeclared proxy, and to a page in a local browser whose domain resolves to this machine.
 */
function isLocal(request: FastifyRequest, { publicUrl, trustedProxies }: PublicAddress): boolean {
  if (trustedProxies.length > 0 || !isLoopbackHost(withoutBrackets(new URL(publicUrl).hostname)))
    return false;
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const isProxied = PROXY_HEADERS.some((name) => name in request.headers);
  return isLoopbackHost(address) && isLoopbackHost(withoutBrackets(request.hostname)) && !isProxied;
}

type PublicAddress = Pick<Services["instance"]["settings"], "publicUrl" | "trustedProxies">;

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function requireToken(request: FastifyRequest, token: string | null): void {
  if (token === null) {
    throw new OpenSendError(
      "forbidden",
      "Metrics are for callers on this machine. Set OPENSEND_METRICS_TOKEN and send it as `Authorization: Bearer …` to read them from elsewhere.",
    );
  }
  const { authorization = "" } = request.headers;
  const given = readBearer(authorization);
  if (given !== null && equalInConstantTime(given, token)) return;
  const fault = authorization === "" ? null : findSchemeFault(authorization);
  throw new OpenSendError(
    "unauthenticated",
    fault ?? "Send OPENSEND_METRICS_TOKEN as `Authorization: Bearer …`.",
  );
}

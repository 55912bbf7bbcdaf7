import rateLimit from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../core/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { isForApi } from "./asked-for.ts";

/** Counts a request. @throws {OpenSendError} `rate_limited` when its caller is over the limit. */
export type LimitRate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/**
 * Limits API requests by who makes them: a key, a session, or an address where there are no valid credentials. One
 * caller cannot use up another's share by sharing an address.
 */
export async function createRateLimit(app: ApiServer, perMinute: number): Promise<LimitRate> {
  if (perMinute === 0) return async () => undefined;
  await app.register(rateLimit, { global: false });
  const count = app.createRateLimit({ max: perMinute, timeWindow: 60_000, keyGenerator: subjectOf });
  return async (request, reply) => {
    // Events come at the rate of the application; what protects against too many is the bound of what may wait.
    const { config, url } = request.routeOptions;
    if (!isForApi(request) || url === "/api/health") return;
    if (config.requires === "send" && request.identity !== null) return;
    const result = await count(request);
    if (result.isAllowed) return;
    reply.header("ratelimit-limit", String(result.max));
    reply.header("ratelimit-remaining", String(result.remaining));
    if (!result.isExceeded) return;
    throw new OpenSendError(
      "rate_limited",
      `More than ${perMinute} requests in a minute. Wait, then go on.`,
      {
        retryAfterSeconds: Math.max(1, result.ttlInSeconds),
      },
    );
  };
}

function subjectOf(request: FastifyRequest): string {
  const { identity } = request;
  if (identity === null) return `address:${request.ip}`;
  return identity.kind === "api_key" ? `key:${identity.keyId}` : `session:${identity.sessionId}`;
}

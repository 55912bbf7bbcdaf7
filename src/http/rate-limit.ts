import rateLimit from "@fastify/rate-limit";
import type { FastifyReply, FastifyRequest } from "fastify";
import { addressSubject } from "../domain/address-subject.ts";
import { OpenSendError } from "../domain/errors.ts";
import { isApiRequest } from "./api-or-page.ts";
import type { ApiServer } from "./api-server.ts";
import { WindowStore } from "./window-store.ts";

/** Counts a request. @throws {OpenSendError} `rate_limited` when the caller or the workspace exceeds its limit. */
export type LimitRate = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

const WINDOW_MS = 60_000;
/** A workspace's limit, as a multiple of one key's limit. */
const WORKSPACE_TIMES = 5;

/**
 * Limits API requests per key, per session, or per address without valid credentials, so that callers behind one
 * address do not share a limit. All keys and sessions of a workspace share a second limit, so that creating more keys
 * does not allow unlimited requests.
 */
export async function createRateLimit(app: ApiServer, perMinute: number): Promise<LimitRate> {
  if (perMinute === 0) return async () => undefined;
  await app.register(rateLimit, { global: false, store: WindowStore });
  const own = app.createRateLimit({ max: perMinute, timeWindow: WINDOW_MS, keyGenerator: subjectOf });
  const shared = app.createRateLimit({
    max: perMinute * WORKSPACE_TIMES,
    timeWindow: WINDOW_MS,
    keyGenerator: ({ identity }) => identity?.workspaceId ?? "",
  });
  return async (request, reply) => {
    // Events arrive at the application's rate; the limit on waiting work protects against too many.
    const { config } = request.routeOptions;
    const { identity } = request;
    if (!isApiRequest(request) || config.isUnlimited === true) return;
    if (config.requires === "send" && identity !== null) return;
    const result = await own(request);
    if (result.isAllowed) return;
    reply.header("ratelimit-limit", String(result.max));
    reply.header("ratelimit-remaining", String(result.remaining));
    if (result.isExceeded) {
      const what = identity === null ? "address" : identity.kind === "api_key" ? "key" : "session";
      throw tooMany(`This ${what} has sent more than ${result.max}`, result.ttlInSeconds);
    }
    // Requests refused above do not count for the workspace, so one key over its limit takes nothing from others.
    const sharedResult = identity === null ? null : await shared(request);
    if (sharedResult === null || sharedResult.isAllowed || !sharedResult.isExceeded) return;
    const detail = `The keys and sessions of this workspace have together sent more than ${sharedResult.max}`;
    throw tooMany(detail, sharedResult.ttlInSeconds);
  };
}

function tooMany(detail: string, ttlSeconds: number): OpenSendError {
  const retryAfterSeconds = Math.max(1, ttlSeconds);
  return new OpenSendError("rate_limited", `${detail} requests in a minute. Wait, then go on.`, {
    retryAfterSeconds,
  });
}

function subjectOf({ identity, ip }: FastifyRequest): string {
  if (identity === null) return `address:${addressSubject(ip)}`;
  return identity.kind === "api_key" ? `key:${identity.keyId}` : `session:${identity.sessionId}`;
}

import type { FastifyRequest } from "fastify";
import type { Caller } from "../../../auth/sessions.ts";

const USER_AGENT_LENGTH_MAX = 300;

/** The address and browser that a new session remembers. */
export function sessionCaller(request: FastifyRequest): Caller {
  const userAgent = request.headers["user-agent"]?.slice(0, USER_AGENT_LENGTH_MAX) ?? null;
  return { address: request.ip, userAgent };
}

import type { FastifyRequest } from "fastify";
import type { Caller } from "../../../auth/sessions.ts";

const USER_AGENT_LENGTH_MAX = 300;

/** What a session remembers of the browser it was created in. */
export function sessionCaller(request: FastifyRequest): Caller {
  const userAgent = request.headers["user-agent"]?.slice(0, USER_AGENT_LENGTH_MAX) ?? null;
  return { address: request.ip, userAgent };
}

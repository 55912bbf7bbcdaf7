import type { FastifyRequest } from "fastify";
import { isDatabaseUnavailable } from "../db/database-error.ts";
import type { OpenSendError } from "../domain/errors.ts";

/**
 * Logs a request that failed through no fault of its caller. Only an error from the database's adapter blames the
 * database, since too many concurrent callers or a shutdown are refused with the same code.
 */
export function logFailure(request: FastifyRequest, problem: OpenSendError, error: Error): void {
  const { code, cause, detail } = problem;
  if (code === "internal") {
    request.log.error({ err: error, request_id: request.id }, "request failed");
  } else if (code === "overloaded" && isDatabaseUnavailable(cause)) {
    request.log.warn({ request_id: request.id, reason: String(cause) }, "database unreachable");
  } else if (code === "overloaded") {
    request.log.warn({ request_id: request.id, reason: detail }, "request refused: overloaded");
  }
}

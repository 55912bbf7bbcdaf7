import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { digestForComparison, type Keyring } from "../crypto/keyring.ts";
import type { IdempotentRequest } from "../idempotency/only-once.ts";

const KEY_LENGTH_MAX = 255;

export const IdempotencyHeaders = z.looseObject({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]+$/, "Use visible ASCII characters without spaces.")
    .max(KEY_LENGTH_MAX)
    .optional()
    .meta({ description: "Repeating a request with the same key answers the first answer, for 24 hours" }),
});

/** The request's idempotency key with a digest of what was asked, or null when it has none. */
export function readIdempotentRequest(keyring: Keyring, request: FastifyRequest): IdempotentRequest | null {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string") return null;
  const asked = `${request.method} ${request.routeOptions.url}\n${request.rawBody}`;
  return { key, digest: digestForComparison(keyring.current, asked) };
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Identity, Requirement } from "../auth/identity.ts";
import type { CallKind } from "./fair-calls.ts";
import type { LongBody } from "./long-bodies.ts";

/** The server as routes see it: bodies, queries and answers typed by their zod schemas. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** What the call asks of its caller; left out, anyone may call it. */
    requires?: Requirement;
    /**
     * How the call keeps keys with `connections` access to the connections they created; left out, it is closed to them.
     * `by id`: the path names a connection, which is checked before the call. `itself`: the call leaves out what is not theirs.
     */
    keepsToOwn?: "by id" | "itself";
    /** The call takes an Idempotency-Key; every other call that changes something refuses one. */
    honorsIdempotencyKey?: boolean;
    /** The object it is about has an ETag: If-Match, or If-None-Match for a route that reads, is heeded, and successful responses have it. */
    isVersioned?: boolean;
    /** The route reads `rawBody` itself, to keep what stands in it to the byte. */
    readsRawBody?: boolean;
    /** A 202 names the job that it started in Location, as a 201 does the object. */
    startsJob?: boolean;
    /** It does not count as one of its caller's requests per minute. */
    isUnlimited?: boolean;
    /** What handling the call takes from others; left out, the database. */
    calls?: CallKind;
  }

  interface FastifyRequest {
    /** Set by `authenticate.ts` wherever a route requires something. */
    identity: Identity | null;
    /** The session cookies to send back when reading the session renewed it. */
    renewedCookies: readonly string[] | null;
    /** The body as it was received, for routes that recognize a repeated request. */
    rawBody: string;
    /** Bytes of the body that were received, unpacked. */
    bodyBytes: number;
    /** Instead of `rawBody`, where a body of events is long. */
    longBody: LongBody | null;
  }
}

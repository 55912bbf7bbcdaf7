import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Identity, Requirement } from "../auth/identity.ts";
import type { CallKind } from "./fair-calls.ts";
import type { LongBody } from "./long-bodies.ts";

/** The server as routes see it: zod schemas type bodies, queries and responses. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyContextConfig {
    /** The permission a caller needs; left out, anyone can call. */
    requires?: Requirement;
    /**
     * How the call limits keys with `connections` access to the connections they created; left out, these keys cannot
     * make the call. `by id`: the path names a connection, which is checked before the call. `itself`: the call leaves
     * out what the key may not see.
     */
    keepsToOwn?: "by id" | "itself";
    /** The call takes an Idempotency-Key; every other call that changes something refuses the header. */
    honorsIdempotencyKey?: boolean;
    /**
     * The route's object has an ETag: the route honors If-Match (If-None-Match if it only reads), and successful
     * responses carry the ETag.
     */
    isVersioned?: boolean;
    /** The route reads `rawBody` itself, to keep its content byte for byte. */
    readsRawBody?: boolean;
    /** The Location of a 202 names the job that was started, as the Location of a 201 names the object. */
    startsJob?: boolean;
    /** The call does not count toward its caller's rate limit. */
    isUnlimited?: boolean;
    /** The resource the call uses while it is handled; left out, the database. */
    calls?: CallKind;
  }

  interface FastifyRequest {
    /** Set by `authenticate.ts` on every route that requires a permission. */
    identity: Identity | null;
    /** Session cookies for the response, if reading the session renewed it. */
    renewedCookies: readonly string[] | null;
    /** The body as it was received, for routes that recognize a repeated request. */
    rawBody: string;
    /** Received bytes of the body, unpacked. */
    bodyBytes: number;
    /** Used instead of `rawBody` for a long body of events. */
    longBody: LongBody | null;
  }
}

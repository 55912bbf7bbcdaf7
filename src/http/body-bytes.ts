import type { FastifyRequest } from "fastify";
import { processTurns } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { fairShare } from "../domain/fair-share.ts";
import type { ApiServer } from "./api-server.ts";
import { callerOf } from "./authenticate.ts";
import { readCodings } from "./content-codings.ts";
import { partyOf } from "./fair-calls.ts";

/** Limit for event bodies that are being received, parsed or stored. A body takes several times its size in memory. */
const BODIES_BYTES_MAX = 64 * 1024 * 1024;
/** A workspace may use this part of the free bytes: three batches of the largest size, however many it sends. */
const PART_OF_FREE = 2;
const BUSY_RETRY_S = 1;

/** Bytes in use, by party. */
export class BodyBytes {
  readonly #bytesMax: number;
  readonly #taken = new Map<string, number>();
  #takenByAll = 0;

  constructor(bytesMax: number = BODIES_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** Returns the function that releases the bytes, or the limit that was reached: the party's or the total. */
  take(party: string, bytes: number): (() => void) | "party" | "all" {
    const own = this.#taken.get(party) ?? 0;
    const free = this.#bytesMax - this.#takenByAll;
    if (bytes > free) return own === 0 ? "all" : "party";
    if (own > 0 && own + bytes > fairShare(free, PART_OF_FREE)) return "party";
    this.#add(party, bytes);
    return () => this.#add(party, -bytes);
  }

  #add(party: string, bytes: number): void {
    const own = (this.#taken.get(party) ?? 0) + bytes;
    if (own === 0) this.#taken.delete(party);
    else this.#taken.set(party, own);
    this.#takenByAll += bytes;
  }
}

/**
 * Limits the event bodies in memory, per workspace and in total, before they are read. A body counts until its response
 * has closed and its handler has ended.
 */
export function registerBodyBytes(app: ApiServer, bodies = new BodyBytes()): void {
  const handled = new WeakMap<FastifyRequest, BytesLease>();
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.requires !== "send") return;
    const release = bodies.take(partyOf(request), expectedBytes(request));
    if (typeof release === "string") throw tooManyBytes(release);
    const lease = new BytesLease(release);
    handled.set(request, lease);
    reply.raw.once("close", () => {
      request.longBody?.drop();
      lease.end();
    });
  });
  app.addHook("onRoute", (route) => {
    if (route.config?.requires !== "send") return;
    const { handler } = route;
    route.handler = async function countedHandler(request, reply) {
      const lease = handled.get(request);
      lease?.begin();
      const leave = processTurns.enter(callerOf(request).workspaceId);
      try {
        return await (handler.call(this, request, reply) as Promise<unknown>);
      } finally {
        leave();
        lease?.end();
      }
    };
  });
}

/**
 * Bytes shared by the connection and the handler, which goes on after the caller has left. The last one to end releases
 * them.
 */
class BytesLease {
  readonly #release: () => void;
  #users = 1;

  constructor(release: () => void) {
    this.#release = release;
  }

  begin(): void {
    this.#users++;
  }

  end(): void {
    if (--this.#users === 0) this.#release();
  }
}

/** The Content-Length; without one, or for a compressed body, the largest size that the call accepts. */
function expectedBytes(request: FastifyRequest): number {
  const bytesMax = request.routeOptions.bodyLimit ?? 0;
  if (readCodings(request.headers["content-encoding"]).length > 0) return bytesMax;
  const length = Number(request.headers["content-length"] ?? bytesMax);
  return Number.isFinite(length) && length >= 0 ? Math.min(length, bytesMax) : bytesMax;
}

function tooManyBytes(whose: "party" | "all"): OpenSendError {
  const options = { retryAfterSeconds: BUSY_RETRY_S };
  return whose === "party"
    ? new OpenSendError(
        "rate_limited",
        "This workspace is sending more events than may be read at a time. Wait for responses, or send smaller batches.",
        options,
      )
    : new OpenSendError(
        "overloaded",
        "More events are being sent than the server can hold. Try again.",
        options,
      );
}

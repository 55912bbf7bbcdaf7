import type { FastifyRequest } from "fastify";
import { processTurns } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { fairShare } from "../domain/fair-share.ts";
import type { ApiServer } from "./api-server.ts";
import { callerOf } from "./authenticate.ts";
import { readCodings } from "./content-codings.ts";
import { partyOf } from "./fair-calls.ts";

/** Bodies with events that are received, read or waiting to be stored. Each is some times its size in memory. */
const BODIES_BYTES_MAX = 64 * 1024 * 1024;
/** A workspace may have this part of what is free: three batches of the largest size, however many it sends. */
const PART_OF_FREE = 2;
const BUSY_RETRY_S = 1;

/** Bytes that are taken, by whom. */
export class BodyBytes {
  readonly #bytesMax: number;
  readonly #taken = new Map<string, number>();
  #takenByAll = 0;

  constructor(bytesMax: number = BODIES_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** Returns what gives them back, or who has too many: the party, or all together. */
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
 * Bounds the bodies with events that are in memory, before they are read: of one workspace, and of all. A body counts
 * until its handler has ended, and for as long as it comes in.
 */
export function registerBodyBytes(app: ApiServer, bodies = new BodyBytes()): void {
  const handled = new WeakMap<FastifyRequest, Hold>();
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.requires !== "send") return;
    const release = bodies.take(partyOf(request), expectedBytes(request));
    if (typeof release === "string") throw tooManyBytes(release);
    const hold = new Hold(release);
    handled.set(request, hold);
    reply.raw.once("close", () => {
      request.longBody?.drop();
      hold.end();
    });
  });
  app.addHook("onRoute", (route) => {
    if (route.config?.requires !== "send") return;
    const { handler } = route;
    route.handler = async function heldHandler(request, reply) {
      const hold = handled.get(request);
      hold?.begin();
      const leave = processTurns.enter(callerOf(request).workspaceId);
      try {
        return await (handler.call(this, request, reply) as Promise<unknown>);
      } finally {
        leave();
        hold?.end();
      }
    };
  });
}

/** Ends with the last of those who need it: the connection, and the handler, which goes on when the caller has gone. */
class Hold {
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

/** As many as the header says; without one, or packed, as many as the call takes. */
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

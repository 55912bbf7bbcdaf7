import type { FastifyReply, FastifyRequest } from "fastify";
import { OpenSendError } from "../domain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { partyOf } from "./fair-calls.ts";

/** Approximate event loop time of a refused request: a fixed part, and a part per MiB of its body. */
const REQUEST_COST_MS = 0.5;
const MIB_COST_MS = 12;
const MIB = 1024 * 1024;
/** The first refusal in a row delays the next request by this multiple of its cost; each further refusal doubles it. */
const TIMES_MIN = 16;
const TIMES_MAX = 64;
const DELAY_MAX_MS = 5000;
/** Limits for a party's waiting requests: their number, and the wait of the last one. */
const WAITING_MAX = 64;
const WAIT_MAX_MS = 10_000;
/** After this long without a request, the count of refusals starts again. */
const FORGET_AFTER_MS = 10_000;

type Party = {
  /** When the next request may begin, in milliseconds of the monotonic clock. */
  freeAt: number;
  delayMs: number;
  refusedInRow: number;
  timer: NodeJS.Timeout | null;
  readonly waiting: (() => void)[];
};

/**
 * Delays a party's requests after a refused one, since reading a request to refuse it takes time from everyone. They
 * begin one at a time, a multiple of that time apart, until one is accepted. So refused requests use a small part of
 * the event loop, however many connections they arrive on.
 */
export class RefusalDelay {
  readonly #parties = new Map<string, Party>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Null if the request may begin, a promise if it must wait, "full" if too many already wait. */
  begin(name: string): Promise<void> | null | "full" {
    const party = this.#parties.get(name);
    if (party === undefined) return null;
    const { waiting, delayMs } = party;
    if (waiting.length === 0 && this.#now() >= party.freeAt) {
      party.freeAt = this.#now() + delayMs;
      this.#schedule(name, party);
      return null;
    }
    if (waiting.length >= WAITING_MAX || (waiting.length + 1) * delayMs > WAIT_MAX_MS) return "full";
    return new Promise((resolve) => {
      waiting.push(resolve);
      this.#schedule(name, party);
    });
  }

  /** Current interval between the party's requests, in milliseconds. */
  delayOf(name: string): number {
    return this.#parties.get(name)?.delayMs ?? 0;
  }

  /** Records an accepted request: all waiting requests may begin. */
  accepted(name: string): void {
    const party = this.#parties.get(name);
    if (party === undefined) return;
    this.#forget(name, party);
    for (const begin of party.waiting) begin();
  }

  /** Records a refused request with a body of this many bytes. */
  refused(name: string, bodyBytes: number): void {
    const party = this.#parties.get(name) ?? newParty();
    this.#parties.set(name, party);
    const times = Math.min(TIMES_MAX, TIMES_MIN * 2 ** party.refusedInRow);
    party.refusedInRow++;
    party.delayMs = Math.min(DELAY_MAX_MS, times * (REQUEST_COST_MS + (bodyBytes / MIB) * MIB_COST_MS));
    party.freeAt = this.#now() + party.delayMs;
    this.#schedule(name, party);
  }

  #schedule(name: string, party: Party): void {
    if (party.timer !== null) clearTimeout(party.timer);
    const pauseMs = Math.max(0, party.freeAt - this.#now());
    const afterMs = party.waiting.length > 0 ? pauseMs : pauseMs + FORGET_AFTER_MS;
    party.timer = setTimeout(() => {
      const begin = party.waiting.shift();
      if (begin === undefined) return this.#forget(name, party);
      party.freeAt = this.#now() + party.delayMs;
      this.#schedule(name, party);
      begin();
    }, afterMs).unref();
  }

  #forget(name: string, party: Party): void {
    if (party.timer !== null) clearTimeout(party.timer);
    this.#parties.delete(name);
  }
}

function newParty(): Party {
  return { freeAt: 0, delayMs: 0, refusedInRow: 0, timer: null, waiting: [] };
}

/**
 * Delays the calls that send events. A waiting request has not been read, so it uses no memory besides its connection.
 */
export function registerRefusalDelay(app: ApiServer, delay = new RefusalDelay()): void {
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.config.requires !== "send") return;
    const party = partyOf(request);
    const wait = delay.begin(party);
    if (wait === "full") throw tooManyRefused(delay.delayOf(party));
    if (wait !== null) await wait;
    if (request.raw.socket.destroyed) {
      throw new OpenSendError("invalid_request", "The caller went away before the call began.");
    }
    reply.raw.once("close", () => {
      if (reply.raw.writableFinished) record(delay, party, request, reply);
    });
  });
}

function record(delay: RefusalDelay, party: string, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode } = reply;
  if (statusCode < 400) delay.accepted(party);
  // Our own failures, and requests to try again, say nothing about the caller.
  else if (statusCode < 500 && statusCode !== 429) delay.refused(party, costlyBytes(request));
}

/** The body's declared size, or what was received if that is more. */
function costlyBytes({ headers, bodyBytes }: FastifyRequest): number {
  const length = Number(headers["content-length"]);
  return Math.max(Number.isSafeInteger(length) ? length : 0, bodyBytes);
}

function tooManyRefused(delayMs: number): OpenSendError {
  return new OpenSendError(
    "rate_limited",
    "The last requests of this workspace were refused, and too many wait behind them. Correct what their responses named, and send one at a time until one is accepted.",
    { retryAfterSeconds: Math.max(1, Math.ceil(delayMs / 1000)) },
  );
}

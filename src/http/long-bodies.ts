import type { Hmac } from "node:crypto";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { processTurns } from "../db/turns.ts";
import { OpenSendError } from "../domain/errors.ts";
import { FairSlots } from "../domain/fair-slots.ts";
import type { NewEvent } from "../domain/read-event.ts";
import type { LongBodyRequest, LongBodyResponse } from "./long-body-messages.ts";

/** A thread that has been idle this long ends. */
const IDLE_MS = 60_000;
const BUSY_RETRY_S = 2;
const HEAP_MIB_MAX = 512;
/** One body is parsed at a time. Waiting bodies are limited by their bytes. */
const LIMITS = { slotsMax: 1, partOfFree: 1, waitingMax: 1000, waitingOfAllMax: 10_000 };

type Settle = {
  readonly resolve: (response: LongBodyResponse) => void;
  readonly reject: (error: Error) => void;
};

/**
 * Parses bodies that would block the event loop for many milliseconds, in a worker thread that starts with the first
 * such body and ends when idle. Parties take turns.
 */
export class LongBodies {
  readonly #slots = new FairSlots(LIMITS);
  readonly #awaited = new Map<number, Settle>();
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #open = 0;
  /** A body whose chunks went to a lost thread can no longer be read. */
  threadsLost = 0;
  #lastId = 0;

  /** Begins a body that is still arriving. Its digest, if wanted, is computed as the chunks arrive. */
  begin(party: string, digest: Hmac | null): LongBody {
    this.#lastId++;
    this.#open++;
    if (this.#idle !== null) clearTimeout(this.#idle);
    return new LongBody(this.#lastId, { party, digest, bodies: this });
  }

  /** Ends the thread; unread bodies fail. */
  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    await this.#thread?.terminate();
  }

  /** Resolves when it is the party's turn. */
  async enter(party: string): Promise<() => void> {
    const slot = await this.#slots.enter(party);
    if (typeof slot === "string") {
      const options = { retryAfterSeconds: BUSY_RETRY_S };
      throw new OpenSendError("overloaded", "Too many large bodies wait. Try again.", options);
    }
    return slot;
  }

  send(request: LongBodyRequest): void {
    this.#thread ??= this.#start();
    this.#thread.postMessage(request, request.what === "chunk" ? [request.bytes.buffer] : []);
  }

  ask(request: LongBodyRequest): Promise<LongBodyResponse> {
    return new Promise((resolve, reject) => {
      this.#awaited.set(request.id, { resolve, reject });
      this.send(request);
    });
  }

  end(): void {
    this.#open--;
    if (this.#open > 0 || this.#thread === null) return;
    this.#idle = setTimeout(() => {
      const thread = this.#thread;
      this.#thread = null;
      // The exit is handled by an event, and `terminate` never rejects.
      void thread?.terminate();
    }, IDLE_MS).unref();
  }

  #start(): Worker {
    const file = new URL(`./long-body-thread${extname(import.meta.url)}`, import.meta.url);
    const thread = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB_MAX } });
    thread.unref();
    thread.on("message", (response: LongBodyResponse) => {
      this.#awaited.get(response.id)?.resolve(response);
      this.#awaited.delete(response.id);
    });
    const fail = (error: Error) => {
      // This thread was ended for idling; pending promises belong to its successor.
      if (this.#thread !== thread) return;
      this.#thread = null;
      this.threadsLost++;
      for (const { reject } of this.#awaited.values()) reject(error);
      this.#awaited.clear();
    };
    thread.on("error", fail);
    thread.on("exit", () => fail(new Error("the thread that reads long bodies has ended")));
    return thread;
  }
}

/** One body: its chunks go to the thread as they arrive, and its events return in slices. */
export class LongBody {
  readonly #id: number;
  readonly #party: string;
  readonly #digest: Hmac | null;
  readonly #bodies: LongBodies;
  readonly #threadsLost: number;
  #state: "arriving" | "reading" | "ended" = "arriving";

  constructor(id: number, parts: { party: string; digest: Hmac | null; bodies: LongBodies }) {
    this.#id = id;
    this.#party = parts.party;
    this.#digest = parts.digest;
    this.#bodies = parts.bodies;
    this.#threadsLost = parts.bodies.threadsLost;
  }

  /** Copies the chunk, since its memory belongs to the connection. */
  append(chunk: Uint8Array): void {
    this.#digest?.update(chunk);
    this.#bodies.send({ what: "chunk", id: this.#id, bytes: new Uint8Array(chunk) });
  }

  /** The digest of the whole body, in hexadecimal; call it only once. */
  digest(): string {
    if (this.#digest === null) throw new Error("no digest was begun for this body");
    return this.#digest.digest("hex");
  }

  /**
   * The body's events, parsed as a single event or as a batch.
   *
   * @throws {OpenSendError} as `readEvent` and `readEventBatch` do.
   */
  async read(as: "one" | "batch", now: number): Promise<readonly NewEvent[]> {
    if (this.#state === "ended") throw new OpenSendError("invalid_request", "The caller went away.");
    this.#state = "reading";
    const leave = await this.#bodies.enter(this.#party);
    try {
      if (this.#bodies.threadsLost !== this.#threadsLost)
        throw new Error("the thread with this body has ended");
      let response = await this.#bodies.ask({ what: "read", id: this.#id, as, now });
      const events: NewEvent[] = [];
      for (;;) {
        if (response.what === "failed") throw new Error(response.reason);
        if (response.what === "refused") {
          throw new OpenSendError(response.code, response.detail, { fields: response.fields });
        }
        events.push(...response.events);
        if (response.isLast) return events;
        await processTurns.next(this.#party);
        response = await this.#bodies.ask({ what: "next", id: this.#id });
      }
    } finally {
      leave();
      this.#end();
    }
  }

  /** Releases a body that will not be read. */
  drop(): void {
    if (this.#state !== "arriving") return;
    this.#bodies.send({ what: "drop", id: this.#id });
    this.#end();
  }

  #end(): void {
    this.#state = "ended";
    this.#bodies.end();
  }
}

import { setTimeout as wait } from "node:timers/promises";
import { ApiError } from "./api-error.ts";
import { readStream, type StreamMessage } from "./read-stream.ts";
import type { ServerCall } from "./server-call.ts";

/** The server sends a comment every 15 s. */
const SILENCE_MS_MAX = 45_000;
const FIRST_PAUSE_MS = 1000;
const PAUSE_MS_MAX = 30_000;
/** For keys that can read events but not the stream. */
const POLL_MS = 2000;

/** A hint that there may be new events to read. */
type Hint = {
  /** The earliest time the stream named; null for everything since the last read. */
  readonly since: number | null;
};

type Listening = {
  /** Whether to report events of this type. */
  readonly isWanted: (type: string) => boolean;
  readonly signal: AbortSignal;
  /** Tells people when the connection is lost and when it is restored. */
  readonly notify: (text: string) => void;
};

/**
 * Follows the server's stream of changes only to know when to read: a lost message does no harm, since skipped events
 * are in the list. Reconnects for as long as necessary.
 */
export class ChangeHints {
  readonly #server: Pick<ServerCall, "openStream">;
  readonly #listening: Listening;
  #since: number | null = null;
  #isPending = false;
  #lastId: string | null = null;
  #isLost = false;
  #hasOpened = false;
  /** Why following has ended. */
  #failure: { readonly error: unknown } | null = null;
  #wake = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<void>();

  constructor(server: Pick<ServerCall, "openStream">, listening: Listening) {
    this.#server = server;
    this.#listening = listening;
    listening.signal.addEventListener("abort", () => this.#wake.resolve());
    this.#follow().catch((error: unknown) => {
      this.#failure = { error };
      this.#opened.reject(error);
      this.#wake.resolve();
    });
    // A caller may await it later.
    this.#opened.promise.catch(() => undefined);
  }

  /** Resolves once every event accepted from then on will be noticed. @throws {ApiError} {CommandError} */
  opened(): Promise<void> {
    return this.#opened.promise;
  }

  /**
   * Waits for the next hint, combining several; null after the abort signal. @throws {ApiError} when the key is
   * refused.
   */
  async next(): Promise<Hint | null> {
    await this.#wake.promise;
    if (this.#listening.signal.aborted) return null;
    if (this.#failure !== null) throw this.#failure.error;
    const hint = { since: this.#since };
    this.#since = null;
    this.#isPending = false;
    this.#wake = Promise.withResolvers<void>();
    return hint;
  }

  #hint(since: number | null): void {
    const isOpenEnded = since === null || (this.#isPending && this.#since === null);
    this.#since = isOpenEnded ? null : Math.min(since, this.#since ?? since);
    this.#isPending = true;
    this.#wake.resolve();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#listening;
    for (let failures = 0; !signal.aborted; ) {
      const startedAt = performance.now();
      const error = await this.#readOnce().catch((error: unknown) => error);
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 403) return await this.#poll();
      const isRefused = error instanceof ApiError && error.status < 500 && error.status !== 429;
      if (isRefused || (error !== undefined && !this.#hasOpened)) throw error;
      failures = performance.now() - startedAt > PAUSE_MS_MAX ? 1 : failures + 1;
      // A stream that ends normally is reopened silently, unless that fails.
      if (error !== undefined) this.#reportLoss(error);
      await wait(Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (failures - 1)), undefined, { signal }).catch(
        () => undefined,
      );
    }
  }

  #reportLoss(error: unknown): void {
    if (!this.#isLost) this.#listening.notify(`${(error as Error).message}\nConnecting again…`);
    this.#isLost = true;
  }

  async #readOnce(): Promise<void> {
    const silence = new AbortController();
    const timer = setTimeout(
      () => silence.abort(new Error("The server has sent nothing for 45 s.")),
      SILENCE_MS_MAX,
    );
    try {
      const signal = AbortSignal.any([this.#listening.signal, silence.signal]);
      const body = await this.#server.openStream(this.#lastId, signal);
      this.#reportOpened();
      for await (const message of readStream(body, () => timer.refresh())) this.#take(message);
    } finally {
      clearTimeout(timer);
    }
  }

  #reportOpened(): void {
    if (this.#isLost) this.#listening.notify("Connected again.");
    this.#isLost = false;
    // Covers changes between two streams.
    if (this.#hasOpened) this.#hint(null);
    this.#hasOpened = true;
    this.#opened.resolve();
  }

  #take({ type, id, data }: StreamMessage): void {
    if (id !== null) this.#lastId = id;
    if (type === "reset") this.#hint(null);
    if (type !== "event") return;
    const event = JSON.parse(data) as { readonly type: string; readonly accepted_at: string };
    if (this.#listening.isWanted(event.type)) this.#hint(Date.parse(event.accepted_at));
  }

  async #poll(): Promise<void> {
    this.#opened.resolve();
    const { signal } = this.#listening;
    while (!signal.aborted) {
      await wait(POLL_MS, undefined, { signal }).catch(() => undefined);
      this.#hint(null);
    }
  }
}

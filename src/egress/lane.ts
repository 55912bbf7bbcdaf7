import { Client, type Dispatcher } from "undici";
import type { Dial, DialCallback } from "./dial.ts";

export const RESPONSE_HEADER_BYTES_MAX = 16 * 1024;

/**
 * How long an unused connection is kept. Receivers close theirs after 5 s (Node) or later; a request that meets the
 * close on its way is lost, so ours goes first. A receiver's Keep-Alive header may ask for up to the maximum.
 */
const IDLE_TIMEOUT_MS = 4_000;
const IDLE_TIMEOUT_MAX_MS = 60_000;

/**
 * One connection at a time to one origin, for one request at a time; undici dials it anew when it was closed. The pool
 * is made of these and not of undici's own, because a request must know its connection: for its stage, its timings,
 * and to end the dial when its time is up.
 */
export class Lane {
  readonly #client: Client;
  #dial: Dial | null = null;
  #isDialNews = false;
  #isConnected = false;
  #onDialStage: (() => void) | null = null;

  constructor(
    origin: string,
    openDial: (callback: DialCallback) => Dial,
    onDisconnect: (lane: Lane) => void,
  ) {
    this.#client = new Client(origin, {
      connect: (_options, callback) => {
        this.#dial = openDial(callback);
        this.#isDialNews = true;
        if (this.#onDialStage === null) return;
        this.#dial.onStage = this.#onDialStage;
        this.#onDialStage();
      },
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: RESPONSE_HEADER_BYTES_MAX,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      keepAliveMaxTimeout: IDLE_TIMEOUT_MAX_MS,
      // The deadline of the whole request covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#client.on("connect", () => {
      this.#isConnected = true;
    });
    this.#client.on("disconnect", () => {
      this.#isConnected = false;
      onDisconnect(this);
    });
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Whether the receiver closed its side of the connection. */
  get peerEnded(): boolean {
    return this.#dial?.peerEnded ?? false;
  }

  /** The dial the current request needed; null while it uses a connection that was open before. */
  get dial(): Dial | null {
    return this.#isDialNews ? this.#dial : null;
  }

  /** Sends one request; undici sends none again of which it wrote a byte. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#isDialNews = false;
    this.#client.dispatch(options, handler);
  }

  /** Tells when the dial of the current request enters a stage, from the next one on; null to tell no more. */
  watchDial(onStage: (() => void) | null): void {
    this.#onDialStage = onStage;
    if (this.#dial !== null) this.#dial.onStage = onStage;
  }

  /** Closes the connection at once, or gives up opening it; a request on it fails as interrupted. */
  async destroy(): Promise<void> {
    this.#dial?.abort();
    await this.#client.destroy();
  }
}

import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { Dial, DialCallback } from "./dial.ts";
import { type LookupAsker, NO_WORKSPACE } from "./lookup.ts";
import { HEADER_BYTES_MAX } from "./read-limits.ts";

/**
 * How long an unused connection is kept. Receivers close theirs after 5 s (Node) or later; a request that meets the
 * close on its way is lost, so ours goes first. A receiver's Keep-Alive header may ask for up to the maximum.
 */
const IDLE_TIMEOUT_MS = 4_000;
const IDLE_TIMEOUT_MAX_MS = 60_000;

/** A request on a lane: beside what undici tells, it learns how much was read from the socket since it began. */
export type LaneRequest = Dispatcher.DispatchHandler & { onBytesRead(bytesRead: number): void };

/**
 * One connection at a time to one origin, for one request at a time; undici dials it anew when it was closed. The pool
 * is made of these and not of undici's own, because a request must know its connection: for its stage, its timings,
 * and to end the dial when its time is up.
 */
export class Lane {
  readonly #client: Client;
  #dial: Dial | null = null;
  #asker: LookupAsker = NO_WORKSPACE;
  #socket: Socket | null = null;
  #request: LaneRequest | null = null;
  /** What had been read from the socket when the request began, or when the lane became idle. */
  #bytesReadBefore = 0;
  readonly #onUnusable: (lane: Lane) => void;
  #isDialNews = false;
  #isConnected = false;
  #onDialStage: (() => void) | null = null;

  constructor(
    origin: string,
    openDial: (asker: LookupAsker, callback: DialCallback) => Dial,
    onUnusable: (lane: Lane) => void,
  ) {
    this.#onUnusable = onUnusable;
    this.#client = new Client(origin, {
      connect: (_options, callback) => {
        this.#dial = openDial(this.#asker, (...result) => {
          callback(...result);
          if (result[0] === null) this.#countBytes(result[1]);
        });
        this.#isDialNews = true;
        if (this.#onDialStage === null) return;
        this.#dial.onStage = this.#onDialStage;
        this.#onDialStage();
      },
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: HEADER_BYTES_MAX,
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
      onUnusable(this);
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
  dispatch(options: Dispatcher.DispatchOptions, request: LaneRequest, asker: LookupAsker): void {
    this.#isDialNews = false;
    this.#asker = asker;
    this.#countFor(request);
    this.#client.dispatch(options, request);
  }

  /** The request is over, and the connection waits for another one. */
  becomeIdle(): void {
    this.#countFor(null);
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

  #countFor(request: LaneRequest | null): void {
    this.#request = request;
    this.#bytesReadBefore = this.#socket?.bytesRead ?? 0;
  }

  /** Counts after undici has parsed what came: its listener is the earlier one. TLS sockets count decrypted bytes. */
  #countBytes(socket: Socket): void {
    this.#socket = socket;
    this.#bytesReadBefore = 0;
    socket.on("readable", () => {
      if (socket !== this.#socket) return;
      const bytesRead = socket.bytesRead - this.#bytesReadBefore;
      if (this.#request !== null) this.#request.onBytesRead(bytesRead);
      // Nothing may come before a request; undici would skip blank lines for as long as they come.
      else if (bytesRead > 0) this.#onUnusable(this);
    });
  }
}

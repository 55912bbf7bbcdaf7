import type { Socket } from "node:net";
import type { Dial, DialCallback } from "./dial.ts";
import { keepAliveTimeoutMs } from "./keep-alive.ts";
import { type LookupRequester, NO_WORKSPACE } from "./lookup.ts";
import type { ResponseHead } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";
import { SendError } from "./send-error.ts";

/** A request on a connection, and the events that the connection reports to it. */
export type ConnectionRequest = {
  /** All bytes of the request are about to be written in one call. */
  onWriting(): void;
  onWritten(): void;
  /** The head of the response; interim responses are skipped. */
  onHead(head: ResponseHead): void;
  onBody(piece: Buffer): void;
  /** The response is complete; `canReuse` if the connection can serve another request. */
  onEnd(canReuse: boolean): void;
  /** There will be no complete response. `isStale` if the connection had served before and ended without a byte. */
  onFailure(error: Error, isStale: boolean): void;
};

/**
 * One connection to one origin, for one request at a time. A request must know its connection, for its stage and
 * timings, and to end the dial when its time runs out.
 */
export class PooledConnection {
  readonly #openDial: (requester: LookupRequester, callback: DialCallback) => Dial;
  readonly #onUnusable: (connection: PooledConnection) => void;
  #dial: Dial | null = null;
  #socket: Socket | null = null;
  #request: ConnectionRequest | null = null;
  #parser: ResponseParser | null = null;
  /** Written once the connection is open. */
  #waiting: Buffer | null = null;
  #isNewConnection = false;
  #hasBytes = false;
  #isDestroyed = false;
  #idleTimeoutMs = 0;
  #onDialStage: (() => void) | null = null;

  constructor(
    openDial: (requester: LookupRequester, callback: DialCallback) => Dial,
    onUnusable: (connection: PooledConnection) => void,
  ) {
    this.#openDial = openDial;
    this.#onUnusable = onUnusable;
  }

  get isConnected(): boolean {
    return this.#socket !== null && !this.#isDestroyed;
  }

  /** The dial of the current request; null if it uses a connection that was already open. */
  get dial(): Dial | null {
    return this.#isNewConnection ? this.#dial : null;
  }

  /** Sends one request, dialing for the first one. Never sends a request again. */
  send(bytes: Buffer, request: ConnectionRequest, requester: LookupRequester = NO_WORKSPACE): void {
    this.#request = request;
    this.#parser = new ResponseParser({
      onHead: (head) => this.#takeHead(head),
      onBody: (piece) => request.onBody(piece),
      onEnd: (isLast) => this.#end(isLast),
    });
    this.#hasBytes = false;
    this.#isNewConnection = this.#socket === null;
    if (this.#socket !== null) {
      this.#write(this.#socket, bytes, request);
      return;
    }
    this.#waiting = bytes;
    this.#dial = this.#openDial(requester, (error, socket) => {
      if (error !== null) this.#fail(error);
      else this.#connected(socket);
    });
    if (this.#onDialStage === null) return;
    this.#dial.onStage = this.#onDialStage;
    this.#onDialStage();
  }

  /** Calls back when the dial of the current request enters a later stage; null stops the callbacks. */
  watchDial(onStage: (() => void) | null): void {
    this.#onDialStage = onStage;
    if (this.#dial !== null) this.#dial.onStage = this.#onDialStage;
  }

  /** Closes the connection immediately, or stops dialing. A request on it fails with the error, if one is given. */
  destroy(error: Error | null = null): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.#dial?.abort();
    this.#parser?.stop();
    this.#socket?.destroy();
    const request = this.#request;
    this.#request = null;
    if (error !== null) request?.onFailure(error, false);
  }

  #connected(socket: Socket): void {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    socket.on("end", () => this.#lose(new SendError("connection_reset")));
    socket.on("error", (error) => this.#lose(error));
    socket.on("close", () => this.#lose(new SendError("connection_reset")));
    socket.on("timeout", () => {
      if (this.#request === null) this.#onUnusable(this);
    });
    const bytes = this.#waiting;
    const request = this.#request;
    this.#waiting = null;
    if (bytes !== null && request !== null) this.#write(socket, bytes, request);
  }

  #write(socket: Socket, bytes: Buffer, request: ConnectionRequest): void {
    request.onWriting();
    socket.write(bytes);
    request.onWritten();
  }

  #read(bytes: Buffer): void {
    if (this.#isDestroyed) return;
    if (this.#request === null || this.#parser === null) {
      // The receiver must not send anything before a request.
      this.#onUnusable(this);
      return;
    }
    this.#hasBytes = true;
    try {
      this.#parser.read(bytes);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /**
   * Handles the end of the connection, which can also end the response; even a reset can, if the receiver did not read
   * the whole request.
   */
  #lose(error: Error): void {
    if (this.#request !== null && this.#parser?.endsHere === true) this.#parser.finish();
    else this.#fail(error);
  }

  #takeHead(head: ResponseHead): void {
    if (head.keepsAlive) this.#idleFor(keepAliveTimeoutMs(head.headers["keep-alive"]));
    this.#request?.onHead(head);
  }

  #idleFor(timeoutMs: number): void {
    if (timeoutMs === this.#idleTimeoutMs) return;
    this.#idleTimeoutMs = timeoutMs;
    this.#socket?.setTimeout(timeoutMs);
  }

  #end(isLast: boolean): void {
    const request = this.#request;
    this.#request = null;
    const isWritten = this.#socket?.writableLength === 0;
    request?.onEnd(!isLast && isWritten && this.#idleTimeoutMs > 0);
  }

  #fail(error: Error): void {
    if (this.#isDestroyed) return;
    const request = this.#request;
    this.#request = null;
    const isStale = !this.#isNewConnection && !this.#hasBytes;
    if (request === null) this.#onUnusable(this);
    else request.onFailure(error, isStale);
  }
}

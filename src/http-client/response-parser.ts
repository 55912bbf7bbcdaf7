import type { BodyFraming } from "./body-framing.ts";
import { ChunkedBody } from "./chunked-body.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { NON_BODY_BYTES_MAX, NON_BODY_TOO_LARGE } from "./read-limits.ts";
import { beginsLikeHttp, findHeadEnd, type ResponseHead, readHead, skipBlankLines } from "./response-head.ts";
import { SendError } from "./send-error.ts";

/** Receives the parts of one response. */
export type ResponseReader = {
  onHead(head: ResponseHead): void;
  onBody(piece: Buffer): void;
  /** The response is complete; `isLast` if nothing more can be read from its connection. */
  onEnd(isLast: boolean): void;
};

const SWITCHING_PROTOCOLS = 101;

/**
 * Parses one response to a POST from the bytes of its connection (RFC 9112). Interim responses are skipped (RFC 9110,
 * section 15.2). All bytes outside the body are counted together and end the response past `NON_BODY_BYTES_MAX`.
 */
export class ResponseParser {
  readonly #reader: ResponseReader;
  #state: "head" | BodyFraming["kind"] | "done" = "head";
  /** The head received so far, without blank lines before it. */
  readonly #pending = new GrowingBytes();
  #nonBodyBytes = 0;
  #remainingBytes = 0;
  #keepsAlive = false;
  readonly #chunked: ChunkedBody;

  constructor(reader: ResponseReader) {
    this.#reader = reader;
    this.#chunked = new ChunkedBody(
      (piece) => reader.onBody(piece),
      (bytes) => this.#countNonBody(bytes),
    );
  }

  /** Parses the receiver's next bytes. @throws {SendError} for anything but HTTP, and past the limit. */
  read(bytes: Buffer): void {
    let remaining = bytes;
    while (remaining.length > 0 && this.#state === "head") remaining = this.#readHead(remaining);
    if (this.#state === "none") this.#end(remaining.length > 0);
    else if (remaining.length > 0) this.#readBody(remaining);
  }

  /** Discards the rest of the response. */
  stop(): void {
    this.#state = "done";
    this.#chunked.stop();
    this.#pending.clear();
  }

  /** Whether the response is complete if the connection ends now. */
  get endsHere(): boolean {
    return this.#state === "until_close" || (this.#state === "chunked" && this.#chunked.hasLastChunk);
  }

  /** Ends the response with its connection, where `endsHere` allows it. */
  finish(): void {
    this.#end(true);
  }

  /** Parses a head, complete or not, and returns the bytes after it. */
  #readHead(bytes: Buffer): Buffer {
    const looked = this.#pending.bytes.length;
    const skipped = looked === 0 ? skipBlankLines(bytes) : 0;
    this.#countNonBody(skipped);
    if (skipped === bytes.length) return bytes.subarray(skipped);
    this.#pending.add(skipped === 0 ? bytes : bytes.subarray(skipped));
    const head = this.#pending.bytes;
    if (!beginsLikeHttp(head)) {
      throw new SendError("invalid_response", "The response does not begin with a status line of HTTP/1.");
    }
    // The empty line may have begun in the last two bytes before.
    const end = findHeadEnd(head, Math.max(0, looked - 2));
    const headBytes = end === -1 ? head.length : end;
    if (this.#nonBodyBytes + headBytes > NON_BODY_BYTES_MAX) throw tooLarge();
    if (end === -1) return head.subarray(head.length);
    this.#nonBodyBytes += headBytes;
    this.#pending.clear();
    this.#enter(readHead(head.subarray(0, end)));
    return head.subarray(end);
  }

  #enter(head: ResponseHead): void {
    if (head.status === SWITCHING_PROTOCOLS) {
      throw new SendError(
        "invalid_response",
        "The receiver switched to another protocol, which OpenSend did not ask for.",
      );
    }
    if (head.status < 200) return;
    const { framing } = head;
    this.#keepsAlive = head.keepsAlive;
    this.#state = framing.kind;
    this.#remainingBytes = framing.kind === "length" ? framing.length : 0;
    this.#reader.onHead(head);
  }

  #readBody(bytes: Buffer): void {
    if (this.#state === "until_close") this.#reader.onBody(bytes);
    else if (this.#state === "length") this.#readLength(bytes);
    else if (this.#state === "chunked" && this.#chunked.read(bytes))
      this.#end(this.#chunked.hasTrailingBytes);
  }

  #readLength(bytes: Buffer): void {
    const body = bytes.length > this.#remainingBytes ? bytes.subarray(0, this.#remainingBytes) : bytes;
    this.#remainingBytes -= body.length;
    this.#reader.onBody(body);
    if (this.#state === "length" && this.#remainingBytes === 0) this.#end(body.length < bytes.length);
  }

  #end(isLast: boolean): void {
    this.#state = "done";
    this.#reader.onEnd(isLast || !this.#keepsAlive);
  }

  #countNonBody(bytes: number): void {
    this.#nonBodyBytes += bytes;
    if (this.#nonBodyBytes > NON_BODY_BYTES_MAX) throw tooLarge();
  }
}

function tooLarge(): SendError {
  return new SendError("response_too_large", NON_BODY_TOO_LARGE);
}

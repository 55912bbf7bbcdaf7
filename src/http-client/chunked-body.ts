import { SendError } from "./send-error.ts";

const LF = 0x0a;
/** A chunk size has at most 16 digits; extensions are discarded. */
const LINE_BUFFER_LENGTH = 32;
/** RFC 9112, section 7.1. Some old servers send white space after the size. */
const SIZE_LINE = /^([0-9A-Fa-f]{1,16})[\t ]*(?:;.*)?$/s;

/**
 * Decodes a chunked body (RFC 9112, section 7.1). Lines can end with a bare LF; extensions and trailers are skipped.
 */
export class ChunkedBody {
  readonly #onBody: (piece: Buffer) => void;
  readonly #onFraming: (bytes: number) => void;
  #state: "size" | "data" | "data_end" | "trailers" | "done" = "size";
  /** The beginning of the current line. */
  #line = "";
  #remainingBytes = 0;
  #isWhole = false;
  #hasTrailingBytes = false;

  /** `onFraming` counts the bytes outside the body. */
  constructor(onBody: (piece: Buffer) => void, onFraming: (bytes: number) => void) {
    this.#onBody = onBody;
    this.#onFraming = onFraming;
  }

  /** Whether only trailers are missing. */
  get hasLastChunk(): boolean {
    return this.#state === "trailers";
  }

  /** Whether bytes arrived after the end. */
  get hasTrailingBytes(): boolean {
    return this.#hasTrailingBytes;
  }

  stop(): void {
    this.#state = "done";
  }

  /** Returns whether the body is complete. @throws {SendError} `invalid_response`. */
  read(bytes: Buffer): boolean {
    let at = 0;
    while (at < bytes.length && this.#state !== "done") {
      at = this.#state === "data" ? this.#readData(bytes, at) : this.#readLine(bytes, at);
    }
    this.#hasTrailingBytes = at < bytes.length;
    return this.#isWhole;
  }

  #readData(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#remainingBytes);
    this.#remainingBytes -= end - at;
    if (this.#remainingBytes === 0) this.#state = "data_end";
    this.#onBody(bytes.subarray(at, end));
    return end;
  }

  #readLine(bytes: Buffer, at: number): number {
    const found = bytes.indexOf(LF, at);
    const end = found === -1 ? bytes.length : found + 1;
    const remaining = LINE_BUFFER_LENGTH - this.#line.length;
    if (remaining > 0) this.#line += bytes.toString("latin1", at, Math.min(end, at + remaining));
    this.#onFraming(end - at);
    if (found !== -1) {
      const line = this.#line.replace(/\r?\n$/, "");
      this.#line = "";
      this.#takeLine(line);
    } else if (this.#state === "data_end" && this.#line.replace("\r", "") !== "") {
      throw malformed();
    }
    return end;
  }

  #takeLine(line: string): void {
    if (this.#state === "trailers") {
      if (line !== "") return;
      this.#isWhole = true;
      this.#state = "done";
    } else if (this.#state === "data_end") {
      if (line !== "") throw malformed();
      this.#state = "size";
    } else {
      const digits = SIZE_LINE.exec(line)?.[1];
      if (digits === undefined) throw malformed();
      this.#remainingBytes = Number.parseInt(digits, 16);
      this.#state = this.#remainingBytes === 0 ? "trailers" : "data";
    }
  }
}

function malformed(): SendError {
  return new SendError("invalid_response", "The chunks of the response's body are malformed.");
}

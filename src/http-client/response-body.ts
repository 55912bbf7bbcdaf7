import { type BodyText, contentCodings, decodeContent, decodeText } from "./body-text.ts";
import { BODY_BYTES_MAX } from "./read-limits.ts";

const STORED_BYTES_MAX = 16 * 1024;

type Headers = Readonly<Record<string, string>>;

/**
 * The body of a response: its beginning is kept, some more is read so that the connection can be reused, and the rest
 * is not read.
 */
export class ResponseBody {
  readonly #codings: readonly string[];
  readonly #contentType: string | undefined;
  /** For a compressed body, everything read is kept, since the limit applies to the decompressed bytes. */
  readonly #storedBytesMax: number;
  readonly #pieces: Buffer[] = [];
  #readBytes = 0;
  #isCut = false;

  constructor(headers: Headers) {
    this.#codings = contentCodings(headers);
    this.#contentType = headers["content-type"];
    this.#storedBytesMax = this.#codings.length === 0 ? STORED_BYTES_MAX : BODY_BYTES_MAX;
  }

  add(piece: Buffer): void {
    const remaining = this.#storedBytesMax - this.#readBytes;
    this.#readBytes += piece.length;
    if (remaining > 0) this.#pieces.push(piece.length > remaining ? piece.subarray(0, remaining) : piece);
  }

  /** Marks the rest of the body as unread. */
  cut(): void {
    this.#isCut = true;
  }

  /** Whether the rest is too long to wait for. */
  get isPastLimit(): boolean {
    return this.#readBytes > BODY_BYTES_MAX;
  }

  /**
   * The first 16 KiB as readable text: content codings removed and decoded by its charset, with invalid bytes as
   * U+FFFD. A body that cannot be decoded is shown as it arrived.
   */
  text(): BodyText | Promise<BodyText> {
    const bytes = Buffer.concat(this.#pieces);
    const isCut = this.#isCut || this.#readBytes > bytes.length;
    if (this.#codings.length === 0 || bytes.length === 0) return this.#storedText(bytes, isCut);
    return decodeContent(bytes, this.#codings, STORED_BYTES_MAX).then((decoded) =>
      decoded === null
        ? this.#storedText(bytes, isCut)
        : this.#storedText(decoded.bytes, isCut || decoded.isCut),
    );
  }

  #storedText(bytes: Buffer, isCut: boolean): BodyText {
    const stored = bytes.length > STORED_BYTES_MAX ? bytes.subarray(0, STORED_BYTES_MAX) : bytes;
    return { text: decodeText(stored, this.#contentType), truncated: isCut || stored.length < bytes.length };
  }
}

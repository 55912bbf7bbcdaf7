import { type BodyText, contentCodings, decodeContent, decodeText } from "./body-text.ts";
import { BODY_BYTES_MAX } from "./read-limits.ts";

const KEPT_BYTES_MAX = 16 * 1024;

/** The body of a response: its beginning is kept, some more is read so that the connection can be kept, the rest is not. */
export class ResponseBody {
  readonly #pieces: Buffer[] = [];
  #readBytes = 0;
  #isCut = false;

  add(piece: Buffer): void {
    const room = BODY_BYTES_MAX - this.#readBytes;
    this.#readBytes += piece.length;
    if (room > 0) this.#pieces.push(piece.length > room ? piece.subarray(0, room) : piece);
  }

  /** The rest is not read, however much it is. */
  cut(): void {
    this.#isCut = true;
  }

  /** Whether nobody should wait for the rest. */
  get isPastLimit(): boolean {
    return this.#readBytes > BODY_BYTES_MAX;
  }

  /**
   * The first 16 KiB as people read them, without the codings of the content and as text of its charset; bytes that are
   * none become U+FFFD. What cannot be decoded is shown as it came.
   */
  text(headers: Readonly<Record<string, string>>): BodyText | Promise<BodyText> {
    const bytes = Buffer.concat(this.#pieces);
    const isCut = this.#isCut || this.isPastLimit;
    const contentType = headers["content-type"];
    const codings = bytes.length === 0 ? [] : contentCodings(headers);
    if (codings.length === 0) return keptText(bytes, isCut, contentType);
    return decodeContent(bytes, codings, KEPT_BYTES_MAX).then((decoded) =>
      decoded === null
        ? keptText(bytes, isCut, contentType)
        : keptText(decoded.bytes, isCut || decoded.isCut, contentType),
    );
  }
}

function keptText(bytes: Buffer, isCut: boolean, contentType: string | undefined): BodyText {
  const kept = bytes.length > KEPT_BYTES_MAX ? bytes.subarray(0, KEPT_BYTES_MAX) : bytes;
  return { text: decodeText(kept, contentType), truncated: isCut || kept.length < bytes.length };
}

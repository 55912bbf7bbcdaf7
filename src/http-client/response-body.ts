const READ_BYTES_MAX = 64 * 1024;
const KEPT_BYTES_MAX = 16 * 1024;

/** An answer's body: the beginning is kept, some more is read so that the connection can be kept, the rest is not. */
export class ResponseBody {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #readBytes = 0;
  #isCut = false;

  add(chunk: Buffer): void {
    this.#readBytes += chunk.length;
    const room = KEPT_BYTES_MAX - this.#keptBytes;
    if (room === 0) return;
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk;
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
  }

  get readBytes(): number {
    return this.#readBytes;
  }

  /** The rest is not read, however much it is. */
  cut(): void {
    this.#isCut = true;
  }

  /** Whether nobody should wait for the rest. */
  get isPastLimit(): boolean {
    return this.#readBytes > READ_BYTES_MAX;
  }

  get isTruncated(): boolean {
    return this.#isCut || this.#readBytes > this.#keptBytes;
  }

  /** What was kept, as UTF-8; bytes that are none become U+FFFD. */
  text(): string {
    return Buffer.concat(this.#kept, this.#keptBytes).toString("utf8");
  }
}

const NONE: Buffer = Buffer.alloc(0);

/** Collects pieces in one buffer that doubles, so that a flood of tiny pieces does not copy everything each time. */
export class GrowingBytes {
  #buffer = NONE;
  #length = 0;

  get bytes(): Buffer {
    return this.#buffer.length === this.#length ? this.#buffer : this.#buffer.subarray(0, this.#length);
  }

  add(piece: Buffer): void {
    const length = this.#length + piece.length;
    if (this.#length === 0) {
      this.#buffer = piece;
    } else {
      if (length > this.#buffer.length) this.#grow(length);
      piece.copy(this.#buffer, this.#length);
    }
    this.#length = length;
  }

  clear(): void {
    this.#buffer = NONE;
    this.#length = 0;
  }

  #grow(length: number): void {
    const grown = Buffer.allocUnsafe(2 * length);
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}

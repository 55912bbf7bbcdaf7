import { skipJsonSpace } from "./json-tokens.ts";
import {
  type JsonExcess,
  type JsonFault,
  type ScanLimits,
  type ScannedValue,
  scanValue,
} from "./scan-json.ts";

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;

/**
 * Reads a JSON array (RFC 8259) one element at a time, each within the limits, so that the caller can pause or stop
 * between two elements. White space between elements can be as long as an element.
 */
export class JsonArrayReader {
  readonly #text: string;
  readonly #limits: ScanLimits;
  #at: number;
  #count = 0;
  #hasEnded = false;
  /** False when the text does not begin with an array. */
  readonly isArray: boolean;

  constructor(text: string, limits: ScanLimits) {
    this.#text = text;
    this.#limits = limits;
    this.#at = this.#skipSpace(0);
    this.isArray = text.charCodeAt(this.#at) === OPEN_BRACKET && !this.#isTooFar(this.#at, 0);
  }

  /** The next element; null after the last one. Nothing can be read after a fault or an excess. */
  next(): ScannedValue | JsonExcess | JsonFault | null {
    if (this.#hasEnded) return null;
    const start = this.#skipSpace(this.#at + 1);
    if (this.#isTooFar(start, this.#at + 1)) return tooFar();
    if (this.#count === 0 && this.#text.charCodeAt(start) === CLOSE_BRACKET) return this.#end(start);
    const item = scanValue(this.#text, start, this.#limits);
    if (item.faultAt !== null || item.excess !== null) return item;
    this.#count++;
    const at = this.#skipSpace(item.end);
    if (this.#isTooFar(at, item.end)) return tooFar();
    const mark = this.#text.charCodeAt(at);
    if (mark !== COMMA && mark !== CLOSE_BRACKET) return { faultAt: at };
    this.#at = at;
    if (mark === COMMA) return item;
    return this.#end(at) ?? item;
  }

  #end(closeAt: number): JsonFault | JsonExcess | null {
    const at = this.#skipSpace(closeAt + 1);
    this.#hasEnded = true;
    if (this.#isTooFar(at, closeAt + 1)) return tooFar();
    return at === this.#text.length ? null : { faultAt: at };
  }

  #skipSpace(from: number): number {
    return skipJsonSpace(this.#text, from, Math.min(this.#text.length, from + this.#limits.bytesMax + 1));
  }

  #isTooFar(at: number, from: number): boolean {
    return at - from > this.#limits.bytesMax;
  }
}

function tooFar(): JsonExcess {
  return { faultAt: null, excess: "space", path: "" };
}

import { v7 } from "uuid";
import type { SeededRandom } from "./random.ts";

/** A UUIDv7 for a time (RFC 9562), so that seeded rows sort like those that the product writes. */
export function idAt(at: number, random: SeededRandom): string {
  return v7({ msecs: at, seq: random.int(0, 0x7fff_ffff), random: random.bytes(16) });
}

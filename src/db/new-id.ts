import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const RANDOM_BYTES_AN_ID = 16;
/** Random bytes are generated for many ids together, since a system call costs more than an id. */
const pool = Buffer.alloc(512 * RANDOM_BYTES_AN_ID);
let drawn = pool.length;
let lastMs = 0;
let sequence = 0;

/**
 * A new UUIDv7 (RFC 9562). Ids of one process sort by creation order, even within a millisecond (section 6.2, method
 * 1), so indexes grow at their end and queues keep their order.
 */
export function newId(): string {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const random = pool.subarray(drawn, drawn + RANDOM_BYTES_AN_ID);
  drawn += RANDOM_BYTES_AN_ID;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // 31 of 32 bits, to leave room for counting up.
    sequence = random.readUInt32BE() >>> 1;
  } else {
    sequence++;
  }
  return v7({ msecs: lastMs, seq: sequence, random });
}

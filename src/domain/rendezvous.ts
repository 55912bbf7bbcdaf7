const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The process that works a key: the one with the highest weight for it (rendezvous hashing, Thaler and Ravishankar
 * 1998). Processes that know the same list agree without communicating, and when one joins or leaves only its own keys
 * move. Null for an empty list.
 */
export function chooseProcess(processes: readonly string[], key: string): string | null {
  let best: string | null = null;
  let bestWeight = -1;
  for (const one of processes) {
    const weight = hash(`${one}\n${key}`);
    if (weight > bestWeight || (weight === bestWeight && best !== null && one < best)) {
      best = one;
      bestWeight = weight;
    }
  }
  return best;
}

/** FNV-1a with murmur3's finalizer, which spreads keys that differ in one character. */
function hash(text: string): number {
  let value = FNV_OFFSET;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), FNV_PRIME);
  }
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

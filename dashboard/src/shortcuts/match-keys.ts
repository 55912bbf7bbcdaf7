/** The keys of a sequence typed so far. */
export type Started = { readonly keys: string; readonly atMs: number };

/** Keys further apart do not form a sequence. */
const APART_MS_MAX = 1_500;

type Matched = { readonly keys: string | null; readonly started: Started | null };

/** The effect of a key after the previous ones: a complete sequence, the start of one, or nothing. */
export function matchKeys(
  sequences: readonly string[],
  started: Started | null,
  key: string,
  atMs: number,
): Matched {
  const isContinuation = started !== null && atMs - started.atMs <= APART_MS_MAX;
  const keys = isContinuation ? `${started.keys} ${key}` : key;
  if (sequences.includes(keys)) return { keys, started: null };
  if (sequences.some((sequence) => sequence.startsWith(`${keys} `))) {
    return { keys: null, started: { keys, atMs } };
  }
  // A key that does not continue the sequence can start another.
  return isContinuation ? matchKeys(sequences, null, key, atMs) : { keys: null, started: null };
}

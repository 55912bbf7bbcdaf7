/** The start of a sequence that has been typed. */
export type Started = { readonly keys: string; readonly atMs: number };

/** Longer apart, two keys are two words, not one. */
const APART_MS_MAX = 1_500;

type Matched = { readonly keys: string | null; readonly started: Started | null };

/** What a key means after those before it: a whole sequence, the start of one, or nothing. */
export function matchKeys(
  sequences: readonly string[],
  started: Started | null,
  key: string,
  atMs: number,
): Matched {
  const goesOn = started !== null && atMs - started.atMs <= APART_MS_MAX;
  const keys = goesOn ? `${started.keys} ${key}` : key;
  if (sequences.includes(keys)) return { keys, started: null };
  if (sequences.some((sequence) => sequence.startsWith(`${keys} `))) {
    return { keys: null, started: { keys, atMs } };
  }
  // A key that leads nowhere from there may start anew.
  return goesOn ? matchKeys(sequences, null, key, atMs) : { keys: null, started: null };
}

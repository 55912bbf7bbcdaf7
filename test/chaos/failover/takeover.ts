import type { Posted } from "../load.ts";
import type { Receipt } from "../receipt.ts";

/** A connection whose process is running waits much less than this. */
const WAIT_MIN_MS = 10_000;

export type TakeoverEvidence = {
  readonly connections: readonly { readonly path: string; readonly type: string }[];
  readonly posted: readonly Pick<Posted, "type" | "postedAt">[];
  /** In order of receipt. */
  readonly receiptsByPath: ReadonlyMap<string, readonly Receipt[]>;
  /** When the process was lost. */
  readonly at: number;
};

/** How long the connections of a lost process waited for another process. */
export type Takeover = {
  readonly connections: number;
  readonly medianMs: number;
  readonly worstMs: number;
};

/**
 * For each connection, the time from the first event posted for it after a process was lost to the first request begun
 * after the loss. Null if no connection waited, which proves nothing.
 */
export function measureTakeover(evidence: TakeoverEvidence): Takeover | null {
  const { connections, posted, receiptsByPath, at } = evidence;
  const waits = connections
    .flatMap(({ path, type }) => {
      const from = posted.find((one) => one.type === type && one.postedAt > at)?.postedAt;
      // The start of a request is known to the second.
      const first = receiptsByPath.get(path)?.find(({ timestampSeconds }) => timestampSeconds * 1000 > at);
      return from === undefined || first === undefined ? [] : [first.at - from];
    })
    .filter((waitMs) => waitMs > WAIT_MIN_MS)
    .sort((a, b) => a - b);
  const [medianMs, worstMs] = [waits[Math.floor(waits.length / 2)], waits.at(-1)];
  if (medianMs === undefined || worstMs === undefined) return null;
  return { connections: waits.length, medianMs: Math.round(medianMs), worstMs: Math.round(worstMs) };
}

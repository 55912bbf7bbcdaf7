import type { Replay } from "../api/types.ts";

/** Delivered, failed or skipped. */
export function doneCount({ delivered, failed, skipped }: Replay): number {
  return delivered + failed + skipped;
}

/** Due without a result yet. A delivery that is cancelled meanwhile counts as skipped. */
export function pendingOf({ total, queued, delivered, failed, skipped }: Replay): number {
  return Math.max(0, Math.min(queued, total - skipped) - delivered - failed);
}

export function notStartedCount({ total, queued, skipped }: Replay): number {
  return Math.max(0, total - queued - skipped);
}

/** Whether the replay waits for a receiver to recover. */
export function waitsForReceiver({ status }: Replay): boolean {
  return status === "waiting_for_receiver";
}

/** Whether the replay can still make progress. */
export function isActive({ status }: Replay): boolean {
  return status === "running" || status === "paused" || status === "waiting_for_receiver";
}

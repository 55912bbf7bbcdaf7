import type { Replay } from "../api/types.ts";

/** Delivered, failed or skipped. */
export function doneOf({ delivered, failed, skipped }: Replay): number {
  return delivered + failed + skipped;
}

/** Due and without a result. One that was cancelled meanwhile ends up among the skipped. */
export function pendingOf({ total, queued, delivered, failed, skipped }: Replay): number {
  return Math.max(0, Math.min(queued, total - skipped) - delivered - failed);
}

export function notStartedOf({ total, queued, skipped }: Replay): number {
  return Math.max(0, total - queued - skipped);
}

/** Whether nothing moves until a receiver recovers. */
export function waitsForReceiver({ status }: Replay): boolean {
  return status === "waiting_for_receiver";
}

/** Whether it goes on, or may. */
export function isActive({ status }: Replay): boolean {
  return status === "running" || status === "paused" || status === "waiting_for_receiver";
}

/** How long what has not started takes at its rate; null where nothing moves, or where all has started. */
export function remainingMs(replay: Replay): number | null {
  const left = notStartedOf(replay);
  return replay.status === "running" && left > 0 ? (left / replay.rate_per_second) * 1000 : null;
}

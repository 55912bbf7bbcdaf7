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

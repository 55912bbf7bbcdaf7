import { useNow } from "../ui/use-now.ts";

const TICK_MS = 250;
const NOT_WAITING_MS = 3_600_000;

/** Whole seconds left until a moment in epoch milliseconds; 0 once it has passed. */
export function useSecondsUntil(untilMs: number): number {
  const nowMs = useNow(untilMs === 0 ? NOT_WAITING_MS : TICK_MS);
  return untilMs === 0 ? 0 : Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
}

import type { Connection } from "../../api/types.ts";
import { waitWords } from "../../text/wait-words.ts";

/** This long after the first failure, probes have reached their longest interval. */
const SLOW_PROBES_AFTER_MS = 2 * 60_000;

type Failing = Pick<Connection, "state" | "state_since" | "next_attempt_at" | "pending_count">;

/** OpenSend's next attempt in words. Without pending deliveries, none is promised. */
export function nextTryWords(connection: Failing, nowMs: number): string | null {
  const { state, pending_count: pending, next_attempt_at: next } = connection;
  const waitMs = next === null ? 0 : Date.parse(next) - nowMs;
  const wait = waitWords(Math.ceil(waitMs / 1000));
  if (state === "held") return `Sending resumes in ${waitMs > 0 ? wait : "a moment"}.`;
  if (state !== "failing") return null;
  if (pending === 0) return "Nothing is waiting, so nothing is tried until the next event.";
  if (next === null) return "Each delivery is retried on its own schedule.";
  const isSlow = nowMs - Date.parse(connection.state_since ?? next) > SLOW_PROBES_AFTER_MS;
  const rate = isSlow ? "One probe per minute" : "One probe at a time";
  return waitMs > 0 ? `${rate}, next in ${wait}.` : `${rate}, next one due now.`;
}

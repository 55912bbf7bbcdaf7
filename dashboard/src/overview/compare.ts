import { count } from "../text/count.ts";
import { duration } from "../text/duration.ts";

/** The previous range in words. */
export const PREVIOUS_RANGE_WORDS = {
  "1h": "the hour before",
  "24h": "the 24 hours before",
  "7d": "the 7 days before",
  "30d": "the 30 days before",
} as const;

/** Smaller changes are insignificant. */
const SAME_PERCENT = 0.5;
const SAME_POINTS = 0.05;
const SAME_MS = 1;

type Figures = {
  readonly attempts: number;
  readonly delivered: number;
  readonly events: number | null;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
};

export type RangeComparison = {
  readonly now: Figures;
  readonly before: Figures;
  /** The part of the current range that has passed, from 0 to 1: its last interval is still running. */
  readonly passed: number;
};

/** The share of attempts that delivered, from 0 to 1; null without attempts. */
export function successRate({ attempts, delivered }: Pick<Figures, "attempts" | "delivered">): number | null {
  return attempts === 0 ? null : delivered / attempts;
}

/** "99.98 %", and 100 % only if nothing failed. */
export function percentWords(share: number | null): string {
  if (share === null) return "–";
  if (share === 1) return "100 %";
  const percent = Math.min(share * 100, 99.99);
  return `${percent >= 99 ? percent.toFixed(2) : percent.toFixed(1)} %`;
}

/** "12 % more than": events per time, because the current range is not over yet. */
export function eventsChange({ now, before, passed }: RangeComparison): string | null {
  const [current, past] = [now.events ?? 0, before.events ?? 0];
  if (past === 0 || passed <= 0) return null;
  const percent = (current / passed / past - 1) * 100;
  if (Math.abs(percent) < SAME_PERCENT) return "as many as";
  const size = Math.abs(percent) >= 10 ? Math.round(Math.abs(percent)) : Math.abs(percent).toFixed(1);
  if (percent > 900) return `${count(Math.round(percent / 100 + 1))} times as many as`;
  return `${size} % ${percent > 0 ? "more" : "fewer"} than`;
}

/** "1.3 points lower than" */
export function rateChange({ now, before }: RangeComparison): string | null {
  const [current, past] = [successRate(now), successRate(before)];
  if (current === null || past === null) return null;
  const points = (current - past) * 100;
  if (Math.abs(points) < SAME_POINTS) return "the same as";
  return `${Math.abs(points).toFixed(1)} points ${points > 0 ? "higher" : "lower"} than`;
}

/** "40 ms slower than" */
export function latencyChange({ now, before }: RangeComparison, of: "p50_ms" | "p95_ms"): string | null {
  const [current, past] = [now[of], before[of]];
  if (current === null || past === null) return null;
  const ms = current - past;
  if (Math.abs(ms) < SAME_MS) return "the same as";
  return `${duration(Math.abs(ms))} ${ms > 0 ? "slower" : "faster"} than`;
}

import type { ApiKey } from "../api/types.ts";

const DAY_MS = 86_400_000;

export const LIFETIMES = [
  { days: "", label: "Never" },
  { days: "30", label: "In 30 days" },
  { days: "90", label: "In 90 days" },
  { days: "365", label: "In one year" },
] as const;

/** The `expires_at` of a key created now; null for never. */
export function expiryAfter(lifetimeDays: string, nowMs = Date.now()): string | null {
  return lifetimeDays === "" ? null : new Date(nowMs + Number(lifetimeDays) * DAY_MS).toISOString();
}

/** The default for a key that replaces this one: the longest lifetime that does not exceed its own. */
export function lifetimeLike({ created_at, expires_at }: Pick<ApiKey, "created_at" | "expires_at">): string {
  const [never, shortest, ...longer] = LIFETIMES;
  if (expires_at === null) return never.days;
  const days = Math.round((Date.parse(expires_at) - Date.parse(created_at)) / DAY_MS);
  return (longer.findLast((lifetime) => Number(lifetime.days) <= days) ?? shortest).days;
}

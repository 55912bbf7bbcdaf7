import type { ApiKey } from "../api/types.ts";

const DAY_MS = 86_400_000;

export const LIFETIMES = [
  { days: "", label: "Never" },
  { days: "30", label: "In 30 days" },
  { days: "90", label: "In 90 days" },
  { days: "365", label: "In one year" },
] as const;

/** When a key created now expires, as the API takes it; null for never. */
export function expiryAfter(lifetimeDays: string, nowMs = Date.now()): string | null {
  return lifetimeDays === "" ? null : new Date(nowMs + Number(lifetimeDays) * DAY_MS).toISOString();
}

/** The choice for a key that replaces this one: the longest that is no longer than its lifetime was. */
export function lifetimeLike({ created_at, expires_at }: Pick<ApiKey, "created_at" | "expires_at">): string {
  const [never, shortest, ...longer] = LIFETIMES;
  if (expires_at === null) return never.days;
  const days = Math.round((Date.parse(expires_at) - Date.parse(created_at)) / DAY_MS);
  return (longer.findLast((lifetime) => Number(lifetime.days) <= days) ?? shortest).days;
}

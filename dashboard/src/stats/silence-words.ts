import type { DeliveryStats } from "../api/types.ts";
import { counted } from "../text/count.ts";

const DAY_MS = 86_400_000;
const DAYS_PER_WEEK = 7;

export type Silence = NonNullable<DeliveryStats["silence"]>;

/** "Silent for 3 days" */
export function silenceTitle({ since }: Silence, nowMs: number): string {
  const days = Math.max(1, Math.floor((nowMs - Date.parse(since)) / DAY_MS));
  return `Silent for ${counted(days, "day", "days")}`;
}

/** The usual number of events per day, or per week when events are rare. */
export function usualWords({ events_per_day }: Silence): string {
  const isRare = events_per_day < 1;
  const about = roundToTwoDigits(isRare ? events_per_day * DAYS_PER_WEEK : events_per_day);
  return `Before that, about ${counted(about, "event", "events")} per ${isRare ? "week" : "day"}.`;
}

/** Two digits, because more would suggest an exact count. */
function roundToTwoDigits(value: number): number {
  return Math.max(1, Math.round(Number(value.toPrecision(2))));
}

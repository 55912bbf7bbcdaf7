import type { Issue } from "../api/types.ts";
import { count, counted } from "../text/count.ts";

type Counted = Pick<Issue, "failed_deliveries" | "retrying_attempts" | "waiting_deliveries" | "state">;

/** "422 failed", "3 attempts failed", "422 failed, 164 waiting" */
export function countWords(issue: Counted): string {
  const { failed_deliveries: failed, retrying_attempts: attempts, waiting_deliveries: waiting } = issue;
  const what =
    failed > 0
      ? `${counted(failed, "delivery", "deliveries")} failed`
      : `${counted(attempts, "attempt", "attempts")} failed`;
  return waiting > 0 && issue.state !== "resolved" ? `${what}, ${count(waiting)} waiting` : what;
}

/** Why there is nothing to replay; null when there is. */
export function whyNotReplay({ failed_deliveries: failed }: Counted): string | null {
  return failed > 0 ? null : "No delivery failed permanently.";
}

/** Whether no delivery has failed permanently and some wait for their next attempt, which can be hours away. */
export function isOnlyWaiting({
  failed_deliveries: failed,
  waiting_deliveries: waiting,
  state,
}: Counted): boolean {
  return state !== "resolved" && failed === 0 && waiting > 0;
}

const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
const timeOfDay = new Intl.DateTimeFormat("en", time);
const dayAndTime = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", ...time });

/** "22:04", with the day if it is not today. */
export function sinceWords(at: string, nowMs: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return (isToday ? timeOfDay : dayAndTime).format(date);
}

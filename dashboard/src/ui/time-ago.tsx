import { absoluteTime, timeAgo } from "../text/time-ago.ts";
import { useNow } from "./use-now.ts";

const TICK_MS = 20_000;

/** A moment as people say it, with the full date and time as its title. */
export function TimeAgo({ at }: { at: string }) {
  const nowMs = useNow(TICK_MS);
  const date = new Date(at);
  return (
    <time dateTime={at} title={absoluteTime(date)} className="whitespace-nowrap">
      {timeAgo(date, nowMs)}
    </time>
  );
}

import { absoluteTime, exactTime, timeAgo } from "../text/time-ago.ts";
import { useTimeZone } from "./time-zone.ts";
import { useNow } from "./use-now.ts";

const TICK_MS = 20_000;

/** A relative time with the full date and time as its title. */
export function TimeAgo({ at }: { at: string }) {
  const nowMs = useNow(TICK_MS);
  const zone = useTimeZone();
  const date = new Date(at);
  return (
    <time dateTime={at} title={absoluteTime(date, zone)} className="whitespace-nowrap">
      {timeAgo(date, nowMs)}
    </time>
  );
}

/** A relative time, and the exact one to the millisecond to compare with logs. */
export function ExactTime({ at }: { at: string }) {
  const zone = useTimeZone();
  return (
    <span>
      <TimeAgo at={at} />
      <span className="block font-mono text-badge text-muted">{exactTime(new Date(at), zone)}</span>
    </span>
  );
}

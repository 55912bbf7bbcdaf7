import { absoluteTime, exactTime, timeAgo } from "../text/time-ago.ts";
import { useTimeZone } from "./time-zone.ts";
import { useNow } from "./use-now.ts";

const TICK_MS = 20_000;

/** A moment as people say it, with the full date and time as its title. */
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

/** A moment as people say it, and to the millisecond, for what is compared with logs. */
export function ExactTime({ at }: { at: string }) {
  const zone = useTimeZone();
  return (
    <span>
      <TimeAgo at={at} />
      <span className="block font-mono text-badge text-muted">{exactTime(new Date(at), zone)}</span>
    </span>
  );
}

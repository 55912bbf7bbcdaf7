import { pastTime } from "../text/since.ts";
import { absoluteTime } from "../text/time-ago.ts";
import { useTimeZone } from "./time-zone.ts";
import { useNow } from "./use-now.ts";

const TICK_MS = 60_000;

/** A past moment as a clock time: "22:04", "Nov 27, 22:04". */
export function PastTime({ at }: { at: string }) {
  const nowMs = useNow(TICK_MS);
  const zone = useTimeZone();
  const date = new Date(at);
  return (
    <time dateTime={at} title={absoluteTime(date, zone)} className="whitespace-nowrap">
      {pastTime(date, nowMs, zone)}
    </time>
  );
}

import { Button } from "./button.tsx";
import { saveTimeZone, useTimeZone } from "./time-zone.ts";

/** Switches all times in this browser between local time and UTC. */
export function TimeZoneSwitch() {
  const isUtc = useTimeZone() === "utc";
  return (
    <Button
      variant="quiet"
      className="px-2! text-table! aria-pressed:bg-sunken aria-pressed:text-fg md:h-7!"
      aria-pressed={isUtc}
      onClick={() => saveTimeZone(isUtc ? "local" : "utc")}
    >
      Times in UTC
    </Button>
  );
}

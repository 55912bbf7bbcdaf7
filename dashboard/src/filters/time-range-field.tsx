import { useId, useRef, useState } from "react";
import { Select } from "../ui/input.tsx";
import { useTimeZone } from "../ui/time-zone.ts";
import { MomentField } from "./moment-field.tsx";
import { RANGES, type TimeRange } from "./time-range.ts";

type TimeRangeFieldProps = { value: TimeRange; onChange: (value: TimeRange) => void };

const OPEN: TimeRange = { range: undefined, from: undefined, before: undefined };
const CUSTOM_STARTS_MS = 24 * 3_600_000;

/** Any time, a range up to now, or a range between two times. */
export function TimeRangeField({ value, onChange }: TimeRangeFieldProps) {
  const id = useId();
  const isUtc = useTimeZone() === "utc";
  const { isCustom, change } = useCustomRange(value, onChange);
  const choose = (choice: string) => {
    if (choice === "custom") {
      return change({ ...OPEN, from: new Date(Date.now() - CUSTOM_STARTS_MS).toISOString() }, true);
    }
    change({ ...OPEN, range: RANGES.find(({ name }) => name === choice)?.name }, false);
  };
  return (
    <>
      <Select
        aria-label="Time"
        value={isCustom ? "custom" : (value.range ?? "")}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">Any time</option>
        {RANGES.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
        <option value="custom">Custom range</option>
      </Select>
      {isCustom &&
        (["from", "before"] as const).map((end) => (
          <div key={end} className="col-span-2 flex items-center gap-2">
            <label htmlFor={`${id}-${end}`} className="text-table text-muted">
              {end === "from" ? "From" : "Before"}
              {isUtc && " (UTC)"}
            </label>
            <MomentField
              id={`${id}-${end}`}
              value={value[end]}
              onChange={(moment) =>
                change({ range: undefined, from: value.from, before: value.before, [end]: moment }, true)
              }
            />
          </div>
        ))}
    </>
  );
}

/** The two fields remain open while both are empty, so that one can be cleared before the other is filled in. */
function useCustomRange(value: TimeRange, onChange: (value: TimeRange) => void) {
  const [staysOpen, setStaysOpen] = useState(false);
  const lastSent = useRef<string | null>(null);
  const [shown, setShown] = useState(keyOf(value));
  if (keyOf(value) !== shown) {
    setShown(keyOf(value));
    // Changed elsewhere: cleared with the other filters, or browser navigation.
    if (keyOf(value) !== lastSent.current) setStaysOpen(false);
  }
  return {
    isCustom: staysOpen || value.from !== undefined || value.before !== undefined,
    change: (next: TimeRange, isNowCustom: boolean) => {
      lastSent.current = keyOf(next);
      setStaysOpen(isNowCustom);
      onChange(next);
    },
  };
}

function keyOf({ range, from, before }: TimeRange): string {
  return JSON.stringify([range ?? null, from ?? null, before ?? null]);
}

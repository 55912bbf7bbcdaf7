import { useId } from "react";
import { Input, Select } from "../ui/input.tsx";
import { fromLocalInput, RANGES, type TimeRange, toLocalInput } from "./time-range.ts";

type TimeRangeFieldProps = { value: TimeRange; onChange: (value: TimeRange) => void };

const OPEN: TimeRange = { range: undefined, from: undefined, before: undefined };
const CUSTOM_STARTS_MS = 24 * 3_600_000;

/** Any time, a range up to now, or from one moment to another. */
export function TimeRangeField({ value, onChange }: TimeRangeFieldProps) {
  const id = useId();
  const isCustom = value.from !== undefined || value.before !== undefined;
  const choose = (choice: string) => {
    if (choice === "custom")
      return onChange({ ...OPEN, from: new Date(Date.now() - CUSTOM_STARTS_MS).toISOString() });
    onChange({ ...OPEN, range: RANGES.find(({ name }) => name === choice)?.name });
  };
  const setMoment = (end: "from" | "before", text: string) => {
    const moment = fromLocalInput(text);
    onChange({ range: undefined, from: value.from, before: value.before, [end]: moment });
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
            </label>
            <Input
              id={`${id}-${end}`}
              type="datetime-local"
              value={toLocalInput(value[end])}
              onChange={(event) => setMoment(end, event.target.value)}
            />
          </div>
        ))}
    </>
  );
}

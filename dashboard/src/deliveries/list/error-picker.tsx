import { useState } from "react";
import { Picker, type PickerOption } from "../../filters/picker.tsx";
import { type DeliveryFilter, joinList, readList } from "../delivery-filter.ts";
import { ERROR_WORDS } from "../response-label.tsx";

type ErrorPickerProps = {
  filter: DeliveryFilter;
  onChange: (change: DeliveryFilter) => void;
  counts: ReadonlyMap<string, number> | undefined;
};

/** Filters by the error code of the last attempt. */
export function ErrorPicker({ filter, onChange, counts }: ErrorPickerProps) {
  const [text, setText] = useState("");
  const needle = text.trim().toLowerCase();
  const options = Object.entries(ERROR_WORDS)
    .map(([value, label]): PickerOption => ({ value, label, note: value, count: counts?.get(value) }))
    .filter(({ value, label }) => value.includes(needle) || label.toLowerCase().includes(needle))
    .sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
  return (
    <Picker
      label="Error"
      allWord="Any error"
      values={readList(filter.error_code)}
      onChange={(values) => onChange({ error_code: joinList(values) })}
      text={text}
      onText={setText}
      options={options}
      labelOf={(value) => ERROR_WORDS[value] ?? value}
      note={options.length === 0 && "No such error."}
    />
  );
}

import { useState } from "react";
import { Picker } from "../../filters/picker.tsx";
import { type DeliveryFilter, RESPONSE_OPTIONS } from "../delivery-filter.ts";
import { chosenResponses, responseFilter, responseOptions } from "./response-options.ts";

type ResponsePickerProps = {
  filter: DeliveryFilter;
  onChange: (change: DeliveryFilter) => void;
  counts: ReadonlyMap<string, number> | undefined;
};

/** Filters by a response class or by exact statuses. */
export function ResponsePicker({ filter, onChange, counts }: ResponsePickerProps) {
  const [text, setText] = useState("");
  const options = responseOptions(counts, text);
  return (
    <Picker
      label="Response"
      allWord="Any response"
      values={chosenResponses(filter)}
      onChange={(values) => onChange(responseFilter(values))}
      text={text}
      onText={setText}
      options={options}
      labelOf={(value) => RESPONSE_OPTIONS.find((option) => option.value === value)?.label ?? value}
      note={text === "" ? "Type an exact status, such as 503." : options.length === 0 && "No such status."}
    />
  );
}

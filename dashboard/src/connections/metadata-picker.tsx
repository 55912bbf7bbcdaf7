import { useState } from "react";
import { Picker } from "../filters/picker.tsx";
import { readPairs } from "./metadata-filter.ts";
import { metadataOptions, type WithMetadata } from "./metadata-options.ts";

type MetadataPickerProps = {
  values: readonly string[];
  onChange: (pairs: readonly string[]) => void;
  /** The listed connections, whose pairs are offered. */
  listed: readonly WithMetadata[];
};

/** Selects the metadata pairs that connections must all have. */
export function MetadataPicker({ values, onChange, listed }: MetadataPickerProps) {
  const [text, setText] = useState("");
  const options = metadataOptions(listed, text);
  return (
    <Picker
      label="Metadata"
      allWord="All metadata"
      values={values}
      onChange={(pairs) => onChange(readPairs(pairs))}
      text={text}
      onText={setText}
      options={options}
      note={options.length === 0 || text === "" ? "Type name=value, such as customer=42." : null}
    />
  );
}

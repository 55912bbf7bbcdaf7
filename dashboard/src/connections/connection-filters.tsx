import { KeyPicker } from "../api-keys/key-picker.tsx";
import { ChoiceField } from "../filters/choice-field.tsx";
import { EventTypePicker } from "../filters/event-type-picker.tsx";
import { FilterBar } from "../filters/filter-bar.tsx";
import { TextField } from "../filters/text-field.tsx";
import {
  type ConnectionFilter,
  isFiltered,
  listOrNone,
  SORT_OPTIONS,
  STATE_OPTIONS,
} from "./connection-filter.ts";
import type { WithMetadata } from "./metadata-options.ts";
import { MetadataPicker } from "./metadata-picker.tsx";

type ConnectionFiltersProps = {
  filter: ConnectionFilter;
  listed: readonly WithMetadata[];
  onChange: (changed: ConnectionFilter) => void;
};

/** Search, state, event type and sort order of the list. */
const NO_FILTER: ConnectionFilter = {
  q: undefined,
  state: undefined,
  type: undefined,
  metadata: undefined,
  key: undefined,
};

/** Search, state, event type, metadata, creator and order of the list. */
export function ConnectionFilters({ filter, listed, onChange }: ConnectionFiltersProps) {
  const states = stateOptions(filter.state);
  return (
    <FilterBar isFiltered={isFiltered(filter)} onClear={() => onChange(NO_FILTER)}>
      <TextField label="Name, host or ID" value={filter.q} onChange={(q) => onChange({ q })} />
      <ChoiceField
        label="Status"
        allWord="All statuses"
        value={filter.state}
        onChange={(state) => onChange({ state })}
        options={states}
      />
      <EventTypePicker
        values={filter.type === undefined ? [] : [filter.type]}
        onChange={(types) => onChange({ type: types.at(-1) })}
      />
      <MetadataPicker
        values={filter.metadata ?? []}
        onChange={(pairs) => onChange({ metadata: listOrNone(pairs) })}
        listed={listed}
      />
      <KeyPicker value={filter.key} onChange={(key) => onChange({ key })} />
      <ChoiceField
        label="Sort by"
        allWord="Sort: attention"
        value={filter.sort === "attention" ? undefined : filter.sort}
        onChange={(sort) => onChange({ sort })}
        options={SORT_OPTIONS.filter(({ value }) => value !== "attention")}
      />
    </FilterBar>
  );
}

/** Several states can only come from a link; they appear as one extra choice. */
function stateOptions(chosen: string | undefined): readonly { value: string; label: string }[] {
  if (chosen === undefined || !chosen.includes(",")) return STATE_OPTIONS;
  const words = chosen
    .split(",")
    .map((state) => STATE_OPTIONS.find(({ value }) => value === state)?.label ?? state);
  return [{ value: chosen, label: words.join(", ") }, ...STATE_OPTIONS];
}

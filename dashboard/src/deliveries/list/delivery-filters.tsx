import { ChoiceField } from "../../filters/choice-field.tsx";
import { ConnectionPicker } from "../../filters/connection-picker.tsx";
import { EventTypePicker } from "../../filters/event-type-picker.tsx";
import { FilterBar } from "../../filters/filter-bar.tsx";
import { TextField } from "../../filters/text-field.tsx";
import { TimeRangeField } from "../../filters/time-range-field.tsx";
import { count } from "../../text/count.ts";
import {
  type DeliveryFilter,
  isFiltered,
  joinList,
  readList,
  SORT_OPTIONS,
  STATUS_OPTIONS,
} from "../delivery-filter.ts";
import type { FacetCounts } from "../facets.ts";
import { ErrorPicker } from "./error-picker.tsx";
import { ResponsePicker } from "./response-picker.tsx";

type DeliveryFiltersProps = {
  filter: DeliveryFilter;
  facets: FacetCounts | null;
  onChange: (change: DeliveryFilter) => void;
  onClear: () => void;
};

export function DeliveryFilters({ filter, facets, onChange, onClear }: DeliveryFiltersProps) {
  const statuses = facets?.of("status");
  return (
    <FilterBar isFiltered={isFiltered(filter)} onClear={onClear}>
      <TextField
        label="Search payloads and responses"
        placeholder="Search bodies"
        value={filter.q}
        onChange={(q) => onChange({ q })}
      />
      <ChoiceField
        label="Status"
        allWord="All statuses"
        value={filter.status}
        onChange={(status) => onChange({ status })}
        options={STATUS_OPTIONS.map(({ value, label }) => {
          const known = statuses?.get(value);
          return { value, label: known === undefined ? label : `${label} (${count(known)})` };
        })}
      />
      <ConnectionPicker
        values={readList(filter.connection)}
        onChange={(ids) => onChange({ connection: joinList(ids) })}
        counts={facets?.of("connection")}
      />
      <EventTypePicker
        values={readList(filter.type)}
        onChange={(types) => onChange({ type: joinList(types) })}
        counts={facets?.of("event_type")}
      />
      <ResponsePicker filter={filter} onChange={onChange} counts={facets?.of("response_status")} />
      <ErrorPicker filter={filter} onChange={onChange} counts={facets?.of("error_code")} />
      <TimeRangeField value={filter} onChange={onChange} />
      <ChoiceField
        label="Order"
        allWord="Newest first"
        value={filter.sort}
        onChange={(sort) => onChange({ sort })}
        options={SORT_OPTIONS}
      />
    </FilterBar>
  );
}

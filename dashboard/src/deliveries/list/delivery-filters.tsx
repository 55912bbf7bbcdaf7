import { ChoiceField } from "../../filters/choice-field.tsx";
import { ConnectionPicker } from "../../filters/connection-picker.tsx";
import { EventTypePicker } from "../../filters/event-type-picker.tsx";
import { FilterBar } from "../../filters/filter-bar.tsx";
import { TimeRangeField } from "../../filters/time-range-field.tsx";
import {
  type DeliveryFilter,
  isFiltered,
  joined,
  listIn,
  RESPONSE_OPTIONS,
  STATUS_OPTIONS,
} from "../delivery-filter.ts";

type DeliveryFiltersProps = {
  filter: DeliveryFilter;
  onChange: (change: DeliveryFilter) => void;
  onClear: () => void;
};

export function DeliveryFilters({ filter, onChange, onClear }: DeliveryFiltersProps) {
  return (
    <FilterBar isFiltered={isFiltered(filter)} onClear={onClear}>
      <ChoiceField
        label="Status"
        allWord="All statuses"
        value={filter.status}
        onChange={(status) => onChange({ status })}
        options={STATUS_OPTIONS}
      />
      <ConnectionPicker
        values={listIn(filter.connection)}
        onChange={(ids) => onChange({ connection: joined(ids) })}
      />
      <EventTypePicker values={listIn(filter.type)} onChange={(types) => onChange({ type: joined(types) })} />
      <ChoiceField
        label="Response"
        allWord="Any response"
        value={filter.response}
        onChange={(response) => onChange({ response })}
        options={RESPONSE_OPTIONS}
      />
      <TimeRangeField value={filter} onChange={onChange} />
    </FilterBar>
  );
}

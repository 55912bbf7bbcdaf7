import { useQuery } from "@tanstack/react-query";
import { connectionNamesQuery } from "../../connections/queries.ts";
import { ChoiceField } from "../../filters/choice-field.tsx";
import { EventTypeField } from "../../filters/event-type-field.tsx";
import { FilterBar } from "../../filters/filter-bar.tsx";
import { TimeRangeField } from "../../filters/time-range-field.tsx";
import { type DeliveryFilter, isFiltered, RESPONSE_OPTIONS, STATUS_OPTIONS } from "../delivery-filter.ts";

type DeliveryFiltersProps = {
  filter: DeliveryFilter;
  onChange: (change: DeliveryFilter) => void;
  onClear: () => void;
};

export function DeliveryFilters({ filter, onChange, onClear }: DeliveryFiltersProps) {
  const names = useQuery(connectionNamesQuery).data ?? [];
  const { connection } = filter;
  const isListed = connection === undefined || names.some(({ value }) => value === connection);
  return (
    <FilterBar isFiltered={isFiltered(filter)} onClear={onClear}>
      <ChoiceField
        label="Status"
        allWord="All statuses"
        value={filter.status}
        onChange={(status) => onChange({ status })}
        options={STATUS_OPTIONS}
      />
      <ChoiceField
        label="Connection"
        allWord="All connections"
        value={connection}
        onChange={(value) => onChange({ connection: value })}
        options={isListed ? names : [{ value: connection, label: "One connection" }, ...names]}
      />
      <EventTypeField value={filter.type} onChange={(type) => onChange({ type })} />
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

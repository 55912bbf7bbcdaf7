import { useQuery } from "@tanstack/react-query";
import { statisticsQuery } from "../charts/statistics-query.ts";
import { isFiltered, joinList, readList } from "../deliveries/delivery-filter.ts";
import { ChoiceField } from "../filters/choice-field.tsx";
import { EventTypePicker } from "../filters/event-type-picker.tsx";
import { FilterBar } from "../filters/filter-bar.tsx";
import { TextField } from "../filters/text-field.tsx";
import { TimeRangeField } from "../filters/time-range-field.tsx";
import { type EventFilter, ORIGIN_OPTIONS, OUTCOME_OPTIONS } from "./event-filter.ts";
import { chartRangeOf } from "./event-histogram.tsx";

type EventFiltersProps = {
  filter: EventFilter;
  onChange: (change: EventFilter) => void;
  onClear: () => void;
};

export function EventFilters({ filter, onChange, onClear }: EventFiltersProps) {
  const counts = useTypeCounts(filter);
  return (
    <FilterBar isFiltered={isFiltered(filter)} onClear={onClear}>
      <TextField label="Search payloads" value={filter.q} onChange={(q) => onChange({ q })} />
      <EventTypePicker
        values={readList(filter.type)}
        onChange={(types) => onChange({ type: joinList(types) })}
        counts={counts}
      />
      <ChoiceField
        label="Origin"
        allWord="All origins"
        value={filter.origin}
        onChange={(origin) => onChange({ origin })}
        options={ORIGIN_OPTIONS}
      />
      <ChoiceField
        label="Failures"
        allWord="All outcomes"
        value={filter.failed}
        onChange={(failed) => onChange({ failed })}
        options={OUTCOME_OPTIONS}
      />
      <TimeRangeField value={filter} onChange={onChange} />
    </FilterBar>
  );
}

const TYPES_COUNTED_MAX = 100;

/** The number of events per type in the list's time range; undefined until known. */
function useTypeCounts(filter: EventFilter): ReadonlyMap<string, number> | undefined {
  const query = useQuery(
    statisticsQuery({ ...chartRangeOf(filter), group_by: "event_type", limit: TYPES_COUNTED_MAX }),
  );
  if (query.data === undefined) return undefined;
  return new Map(
    query.data.series.flatMap(({ group, total }) =>
      typeof group === "string" ? [[group, total.events ?? 0] as const] : [],
    ),
  );
}

import { isFiltered } from "../deliveries/delivery-filter.ts";
import { ChoiceField } from "../filters/choice-field.tsx";
import { FilterBar } from "../filters/filter-bar.tsx";
import { TextField } from "../filters/text-field.tsx";
import { TimeRangeField } from "../filters/time-range-field.tsx";
import { ACTOR_OPTIONS, type AuditFilter, actionOptions, isId } from "./audit-filter.ts";

type AuditFiltersProps = {
  filter: AuditFilter;
  onChange: (change: AuditFilter) => void;
  onClear: () => void;
};

export function AuditFilters({ filter, onChange, onClear }: AuditFiltersProps) {
  const { action, actor, target } = filter;
  return (
    <FilterBar isFiltered={isFiltered(filter)} onClear={onClear}>
      <ChoiceField
        label="Action"
        allWord="All actions"
        value={action}
        onChange={(value) => onChange({ action: value })}
        options={actionOptions(action)}
      />
      <ChoiceField<string>
        label="Who"
        allWord="Anyone"
        value={actor}
        onChange={(value) => onChange({ actor: value })}
        options={
          isId(actor) ? [{ value: actor, label: "This person or key" }, ...ACTOR_OPTIONS] : ACTOR_OPTIONS
        }
      />
      <TextField label="Target id" value={target} onChange={(value) => onChange({ target: value })} />
      <TimeRangeField value={filter} onChange={onChange} />
    </FilterBar>
  );
}

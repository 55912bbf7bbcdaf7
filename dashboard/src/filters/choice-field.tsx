import { Select } from "../ui/input.tsx";

type ChoiceFieldProps<Value extends string> = {
  label: string;
  /** The label of no choice: "All statuses". */
  allWord: string;
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
  options: readonly { value: Value; label: string }[];
};

/** A filter with a few values. */
export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, allWord, value, onChange, options } = props;
  return (
    <Select
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(options.find((option) => option.value === event.target.value)?.value)}
    >
      <option value="">{allWord}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </Select>
  );
}

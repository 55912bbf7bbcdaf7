import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";

type RadioChoiceProps<Value extends string> = {
  legend: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly { value: Value; label: string; description: ReactNode }[];
  disabled?: boolean;
  /** For many choices: on phones, only the selected one shows its description. */
  isDense?: boolean;
};

/** A choice between a few options that each need a sentence. */
export function RadioChoice<Value extends string>({
  legend,
  value,
  onChange,
  options,
  disabled = false,
  isDense = false,
}: RadioChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{legend}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="group flex cursor-pointer gap-3 rounded-control border border-line p-3 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            aria-disabled={disabled || undefined}
            onChange={() => !disabled && onChange(option.value)}
            aria-describedby={`${name}-${option.value}`}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className="block font-medium">{option.label}</span>
            <span
              id={`${name}-${option.value}`}
              className={classNames(
                "text-table text-muted",
                isDense ? "hidden group-has-checked:block md:block" : "block",
              )}
            >
              {option.description}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

import type { UseFormRegisterReturn } from "react-hook-form";
import { Field } from "../ui/field.tsx";
import { Select } from "../ui/input.tsx";
import { LIFETIMES } from "./lifetimes.ts";

/** Selects when a new key expires. */
export function LifetimeField({
  label,
  registration,
}: {
  label: string;
  registration: UseFormRegisterReturn;
}) {
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} {...registration}>
          {LIFETIMES.map(({ days, label: name }) => (
            <option key={days} value={days}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

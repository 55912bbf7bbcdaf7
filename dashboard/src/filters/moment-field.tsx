import { type KeyboardEvent, useState } from "react";
import { Input } from "../ui/input.tsx";
import { fromLocalInput, toLocalInput } from "./time-range.ts";

type MomentFieldProps = {
  id: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};

/**
 * A date and time. It applies with Enter or when the field is left, not with every key: on the way from one date to
 * another there are dates nobody means, and moments at which it is none.
 */
export function MomentField({ id, value, onChange }: MomentFieldProps) {
  const [text, setText] = useState(toLocalInput(value));
  const [shownFor, setShownFor] = useState(value);
  if (value !== shownFor) {
    // The filter changed elsewhere: cleared, or the browser's way back.
    setShownFor(value);
    setText(toLocalInput(value));
  }
  const apply = (field: HTMLInputElement) => {
    if (field.validity.badInput) {
      // Left half typed. What is shown is empty to React as well, so it has to be put back by hand.
      field.value = toLocalInput(value);
      return setText(toLocalInput(value));
    }
    if (field.value !== toLocalInput(value)) onChange(fromLocalInput(field.value));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") apply(event.currentTarget);
  };
  return (
    <Input
      id={id}
      type="datetime-local"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={(event) => apply(event.currentTarget)}
      onKeyDown={onKeyDown}
    />
  );
}

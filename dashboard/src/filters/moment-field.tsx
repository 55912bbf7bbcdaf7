import { type KeyboardEvent, useState } from "react";
import { Input } from "../ui/input.tsx";
import { useTimeZone } from "../ui/time-zone.ts";
import { fromMomentInput, toMomentInput } from "./time-range.ts";

type MomentFieldProps = {
  id: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};

/**
 * A date and time. It applies with Enter or when the field is left, not with every key: on the way from one date to
 * another there are dates no one means, and moments at which it is none.
 */
export function MomentField({ id, value, onChange }: MomentFieldProps) {
  const zone = useTimeZone();
  const [text, setText] = useState(toMomentInput(value, zone));
  const [shownFor, setShownFor] = useState({ value, zone });
  if (value !== shownFor.value || zone !== shownFor.zone) {
    // Changed elsewhere: cleared, the browser's way back, or times in another zone.
    setShownFor({ value, zone });
    setText(toMomentInput(value, zone));
  }
  const apply = (field: HTMLInputElement) => {
    if (field.validity.badInput) {
      // Left half typed. What is shown is empty to React as well, so it has to be put back by hand.
      field.value = toMomentInput(value, zone);
      return setText(toMomentInput(value, zone));
    }
    if (field.value !== toMomentInput(value, zone)) onChange(fromMomentInput(field.value, zone));
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

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
 * A date and time, applied with Enter or when the field loses focus, not on every key: while someone edits a date, the
 * field passes through unintended and invalid values.
 */
export function MomentField({ id, value, onChange }: MomentFieldProps) {
  const zone = useTimeZone();
  const [text, setText] = useState(toMomentInput(value, zone));
  const [shownFor, setShownFor] = useState({ value, zone });
  if (value !== shownFor.value || zone !== shownFor.zone) {
    // Changed elsewhere: cleared, browser navigation, or another time zone.
    setShownFor({ value, zone });
    setText(toMomentInput(value, zone));
  }
  const apply = (field: HTMLInputElement) => {
    if (field.validity.badInput) {
      // Left incomplete. React sees an empty value in both cases, so the field is reset by hand.
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

import { type KeyboardEvent, useState } from "react";
import { Input } from "../ui/input.tsx";

type TextFieldProps = {
  label: string;
  /** A shorter text, for when the label is longer than the field. */
  placeholder?: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
};

/** An exact text, applied with Enter or when the field loses focus, not on every key. */
export function TextField({ label, placeholder = label, value, onChange }: TextFieldProps) {
  const [text, setText] = useState(value ?? "");
  const [shownFor, setShownFor] = useState(value);
  if (value !== shownFor) {
    // The filter changed elsewhere: cleared, or browser navigation.
    setShownFor(value);
    setText(value ?? "");
  }
  const apply = () => {
    const next = text.trim() || undefined;
    if (next !== value) onChange(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") apply();
  };
  return (
    <Input
      aria-label={label}
      placeholder={placeholder}
      value={text}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onBlur={apply}
      onKeyDown={onKeyDown}
    />
  );
}

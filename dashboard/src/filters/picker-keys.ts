/** The state of a picker at a key press. `highlighted` is the option that Enter selects; -1 means none. */
export type PickerState = {
  readonly isOpen: boolean;
  readonly highlighted: number;
  readonly options: number;
  readonly text: string;
  readonly chosen: number;
};

export type PickerMove =
  | { readonly action: "open" | "close" | "clear-text" | "remove-last" }
  | { readonly action: "highlight" | "choose"; readonly index: number };

/** The effect of a key in the picker; null when the text field handles it (WAI-ARIA Authoring Practices, combobox). */
export function pickerMove(key: string, state: PickerState): PickerMove | null {
  const { isOpen, highlighted, options, text, chosen } = state;
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      if (!isOpen) return { action: "open" };
      return options === 0
        ? null
        : { action: "highlight", index: step(highlighted, key === "ArrowDown" ? 1 : -1, options) };
    case "Enter":
      if (!isOpen) return { action: "open" };
      return highlighted >= 0 && highlighted < options ? { action: "choose", index: highlighted } : null;
    case "Escape":
      if (isOpen) return { action: "close" };
      return text === "" ? null : { action: "clear-text" };
    case "Backspace":
      return text === "" && chosen > 0 ? { action: "remove-last" } : null;
    default:
      return null;
  }
}

/** One step up or down, wrapping at the ends. */
function step(from: number, by: 1 | -1, count: number): number {
  if (from < 0) return by === 1 ? 0 : count - 1;
  return (from + by + count) % count;
}

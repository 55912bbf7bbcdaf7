/** Where a picker stands when a key is pressed. `pointed` is the option that Enter takes; -1 points at none. */
export type PickerPlace = {
  readonly isOpen: boolean;
  readonly pointed: number;
  readonly options: number;
  readonly text: string;
  readonly chosen: number;
};

export type PickerMove =
  | { readonly does: "open" | "close" | "clear-text" | "remove-last" }
  | { readonly does: "point" | "choose"; readonly index: number };

/** What a key does in the picker, null where the text field takes it (WAI-ARIA Authoring Practices, combobox). */
export function pickerMove(key: string, place: PickerPlace): PickerMove | null {
  const { isOpen, pointed, options, text, chosen } = place;
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      if (!isOpen) return { does: "open" };
      return options === 0
        ? null
        : { does: "point", index: step(pointed, key === "ArrowDown" ? 1 : -1, options) };
    case "Enter":
      if (!isOpen) return { does: "open" };
      return pointed >= 0 && pointed < options ? { does: "choose", index: pointed } : null;
    case "Escape":
      if (isOpen) return { does: "close" };
      return text === "" ? null : { does: "clear-text" };
    case "Backspace":
      return text === "" && chosen > 0 ? { does: "remove-last" } : null;
    default:
      return null;
  }
}

/** One up or down, and around at the ends. */
function step(from: number, by: 1 | -1, count: number): number {
  if (from < 0) return by === 1 ? 0 : count - 1;
  return (from + by + count) % count;
}

type KeyPress = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey"> & {
  readonly isComposing: boolean;
  readonly defaultPrevented: boolean;
};
type Target = { readonly tagName: string; readonly type?: string; readonly isContentEditable?: boolean };

const TYPED_INTO = new Set(["INPUT", "TEXTAREA", "SELECT"]);

/** Checkboxes and radio buttons are inputs too, but take no text. */
const TICKED = new Set(["checkbox", "radio"]);

function isTypedInto({ tagName, type, isContentEditable }: Target): boolean {
  if (isContentEditable === true) return true;
  return TYPED_INTO.has(tagName) && !(tagName === "INPUT" && TICKED.has(type ?? ""));
}

/** The pressed key if it can be a shortcut; null while someone types or combines it with a modifier. */
export function typedKey(press: KeyPress, target: Target | null): string | null {
  if (press.defaultPrevented || press.isComposing) return null;
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (target !== null && isTypedInto(target)) return null;
  // With Shift, a capital is intended; without Shift, it comes from caps lock.
  if (press.key.length !== 1 || press.shiftKey) return press.key;
  return press.key.toLowerCase();
}

type Combination = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** ⌘ K on a Mac, where Ctrl K deletes to the end of a line; Ctrl K elsewhere. */
export function isPaletteKey(press: Combination, isMac: boolean): boolean {
  const isHeld = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  return isHeld && !press.altKey && !press.shiftKey && press.key.toLowerCase() === "k";
}

import { useSyncExternalStore } from "react";

/** What may lie over any page. */
type Popup = "palette" | "help" | "new workspace" | "leave workspace";

let shown: Popup | null = null;
let backTo: Element | null = null;
const listeners = new Set<() => void>();

function show(popup: Popup | null): void {
  shown = popup;
  for (const listener of listeners) listener();
}

/** Opens it. Focus goes back to `opener` in the end: to what has it now, unless told otherwise. */
export function showPopup(popup: Popup, opener: Element | null = document.activeElement): void {
  backTo = opener;
  show(popup);
}

/** Opens another in its place; focus still goes back to what opened the first. */
export function switchPopup(popup: Popup): void {
  show(popup);
}

/** @param leaves Whether the person goes on elsewhere, so that focus is not to come back. */
export function closePopup(leaves = false): void {
  if (leaves) backTo = null;
  show(null);
}

/** For who goes to the page they are on: nothing is rendered anew there that would take focus. */
export function closePopupHere(): void {
  backTo = document.querySelector("h1");
  show(null);
}

/** For when it is gone: until then it keeps focus to itself. */
export function giveFocusBack(): void {
  if (backTo instanceof HTMLElement && backTo.isConnected) backTo.focus();
  backTo = null;
}

export function usePopup(): Popup | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}

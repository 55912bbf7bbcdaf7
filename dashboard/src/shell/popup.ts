import { useSyncExternalStore } from "react";

/** The popups that can open over any page. */
type Popup = "palette" | "help" | "new workspace" | "leave workspace";

let shown: Popup | null = null;
let backTo: Element | null = null;
const listeners = new Set<() => void>();

function show(popup: Popup | null): void {
  shown = popup;
  for (const listener of listeners) listener();
}

/** Opens a popup. When it closes, focus returns to `opener`, which defaults to the focused element. */
export function showPopup(popup: Popup, opener: Element | null = document.activeElement): void {
  backTo = opener;
  show(popup);
}

/** Replaces the open popup; focus will still return to the opener of the first. */
export function switchPopup(popup: Popup): void {
  show(popup);
}

/** @param leaves Whether the person goes to another page, so that focus must not return. */
export function closePopup(leaves = false): void {
  if (leaves) backTo = null;
  show(null);
}

/** For navigation to the current page, where nothing renders again to take the focus. */
export function closePopupHere(): void {
  backTo = document.querySelector("h1");
  show(null);
}

/** Returns the focus to the opener. Called once the popup is gone, because it traps the focus until then. */
export function returnFocus(): void {
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

import { useSyncExternalStore } from "react";

const STORAGE_KEY = "opensend.single-keys";

const listeners = new Set<() => void>();

/**
 * Turns single-key shortcuts on or off, because speech input and accidental key presses also trigger them (WCAG 2.1.4).
 */
export function saveSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, "off");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("storage", listener);
  };
}

/** Whether single-key shortcuts are on in this browser. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(STORAGE_KEY) !== "off");
}

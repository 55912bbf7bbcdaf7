import { useSyncExternalStore } from "react";

const STORAGE_KEY = "opensend.single-keys";

const listeners = new Set<() => void>();

/** Switches the shortcuts of a single key, which speech input and a slip of the hand set off too (WCAG 2.1.4). */
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

/** Whether they are on in this browser. */
export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(STORAGE_KEY) !== "off");
}

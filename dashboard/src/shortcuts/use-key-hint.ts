import { useSingleKeys } from "./single-keys.ts";

/**
 * Props for a control with a shortcut: they show the key, and let the key find the control. Empty while shortcuts are
 * off.
 */
export function useKeyHint(key: string): { title?: string; "aria-keyshortcuts"?: string } {
  return useSingleKeys() ? { title: `Press ${key}`, "aria-keyshortcuts": key } : {};
}

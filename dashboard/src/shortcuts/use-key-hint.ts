import { useSingleKeys } from "./single-keys.ts";

/** For the control a key presses: shows the key, and lets the key find the control. Nothing while keys are off. */
export function useKeyHint(key: string): { title?: string; "aria-keyshortcuts"?: string } {
  return useSingleKeys() ? { title: `Press ${key}`, "aria-keyshortcuts": key } : {};
}

import { useRouter } from "@tanstack/react-router";
import { useEffectEvent, useLayoutEffect, useRef } from "react";
import { showPopup } from "../shell/popup.ts";
import { IS_MAC } from "../ui/platform.ts";
import { matchKeys, type Started } from "./match-keys.ts";
import { focusFilter, moveToRow, pressControl, selectRow } from "./move-in-page.ts";
import { SHORTCUTS } from "./shortcuts.ts";
import { useSingleKeys } from "./single-keys.ts";
import { isPaletteKey, typedKey } from "./typed-key.ts";

const SEQUENCES = SHORTCUTS.filter(({ action }) => action !== undefined).map(({ keys }) => keys);

/** Handles the dashboard's shortcuts while no dialog or menu is open. */
export function useShortcuts(): void {
  const router = useRouter();
  const takesSingleKeys = useSingleKeys();
  const started = useRef<Started | null>(null);

  const run = (keys: string, isRepeat: boolean) => {
    const action = SHORTCUTS.find((shortcut) => shortcut.keys === keys)?.action;
    if (action === undefined) return;
    if (action === "filter") return focusFilter();
    if (typeof action === "object" && "move" in action) {
      // Adds no history entry: going back leads to the list.
      return moveToRow(action.move, (href) => router.history.replace(href));
    }
    if (isRepeat) return;
    if (action === "select") return selectRow();
    if (action === "press") return pressControl(keys);
    if ("open" in action) return showPopup(action.open);
    void router.navigate({ to: action.go });
  };
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null) return;
    if (isPaletteKey(event, IS_MAC)) {
      event.preventDefault();
      return showPopup("palette");
    }
    const target = event.target instanceof HTMLElement ? event.target : null;
    const key = takesSingleKeys ? typedKey(event, target) : null;
    if (key === null || key === "Shift") return;
    const matched = matchKeys(SEQUENCES, started.current, key, event.timeStamp);
    started.current = matched.started;
    if (matched.keys === null) return;
    event.preventDefault(); // otherwise the key would be typed into the field that it focuses
    run(matched.keys, event.repeat);
  });
  // Before the first paint: keys work as soon as the page can be seen.
  useLayoutEffect(() => {
    const listener = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, []);
}

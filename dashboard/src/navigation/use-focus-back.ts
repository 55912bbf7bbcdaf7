import { useRef } from "react";
import { restoreFocus } from "./focus-heading.ts";

/**
 * For dialogs that are opened by state and so have no trigger that Radix knows: focus goes back to what had it before,
 * and to the heading when that is gone.
 */
export function useFocusBack() {
  const opener = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      opener.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      const before = opener.current;
      opener.current = null;
      if (!(before instanceof HTMLElement) || before === document.body || !before.isConnected) {
        return restoreFocus();
      }
      event.preventDefault();
      before.focus();
    },
  };
}

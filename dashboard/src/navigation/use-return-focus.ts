import { useRef } from "react";
import { restoreFocus } from "./focus-heading.ts";

/**
 * For dialogs opened by state, which have no trigger that Radix knows: returns the focus to the element that had it, or
 * to the heading if that element is gone.
 */
export function useReturnFocus() {
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

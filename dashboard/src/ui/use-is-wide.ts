import { useSyncExternalStore } from "react";

/** From here on there is room for a panel beside a list. */
const wide = matchMedia("(width >= 1024px)");

function subscribe(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}

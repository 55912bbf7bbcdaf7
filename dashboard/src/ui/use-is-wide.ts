import { useSyncExternalStore } from "react";

/** From this width, a panel fits beside a list. */
const wide = matchMedia("(width >= 1024px)");

function subscribe(listener: () => void): () => void {
  wide.addEventListener("change", listener);
  return () => wide.removeEventListener("change", listener);
}

export function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}

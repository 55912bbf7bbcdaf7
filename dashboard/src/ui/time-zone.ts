import { useSyncExternalStore } from "react";
import type { TimeZone } from "../text/time-ago.ts";

const STORAGE_KEY = "opensend.time-zone";

const listeners = new Set<() => void>();

export function saveTimeZone(zone: TimeZone): void {
  if (zone === "local") localStorage.removeItem(STORAGE_KEY);
  else localStorage.setItem(STORAGE_KEY, zone);
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

/** The time zone in which this browser shows times: local or UTC. */
export function useTimeZone(): TimeZone {
  return useSyncExternalStore(subscribe, () =>
    localStorage.getItem(STORAGE_KEY) === "utc" ? "utc" : "local",
  );
}

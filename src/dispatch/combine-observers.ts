import type { Observer } from "../domain/observer.ts";

/** Passes every call on to several observers, in order. */
export function combineObservers(...observers: readonly Observer[]): Observer {
  return {
    accepted: (events) => {
      for (const observer of observers) observer.accepted(events);
    },
    attempted: (attempt) => {
      for (const observer of observers) observer.attempted(attempt);
    },
    committed: (kind, rows, durationMs) => {
      for (const observer of observers) observer.committed(kind, rows, durationMs);
    },
    superseded: (attempts) => {
      for (const observer of observers) observer.superseded(attempts);
    },
  };
}

import type { EventRow } from "../api/types.ts";

const WORDS = { application: "API", system: "OpenSend", test: "Test" } as const satisfies Record<
  EventRow["origin"],
  string
>;

/** Where an event came from. */
export function originWord(origin: EventRow["origin"]): string {
  return WORDS[origin];
}

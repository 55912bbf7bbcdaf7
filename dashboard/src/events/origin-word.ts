import type { EventRow } from "../api/types.ts";

const WORDS = { application: "API", system: "OpenSend", test: "Test" } as const satisfies Record<
  EventRow["origin"],
  string
>;

/** The origin of an event in words. */
export function originWord(origin: EventRow["origin"]): string {
  return WORDS[origin];
}

export const TEST_EVENT_TYPE = "integration.test";

/** Who made an event: an application over the API, or OpenSend itself. */
export type EventOrigin = "application" | "system";

/** The same as it is shown: test events are stored as an application's, and told by their type, which is reserved. */
export const SHOWN_ORIGINS = ["application", "system", "test"] as const;
export type ShownOrigin = (typeof SHOWN_ORIGINS)[number];

export function shownOrigin({ type, origin }: { type: string; origin: EventOrigin }): ShownOrigin {
  return type === TEST_EVENT_TYPE ? "test" : origin;
}

/**
 * The exact bytes sent and signed: compact JSON with the members in the published order, `created_at` in ISO 8601 UTC
 * with milliseconds. `dataJson` is kept as it is.
 */
export function serializeEvent(event: { type: string; createdAt: number; dataJson: string }): string {
  const type = JSON.stringify(event.type);
  const createdAt = JSON.stringify(new Date(event.createdAt).toISOString());
  return `{"type":${type},"created_at":${createdAt},"data":${event.dataJson}}`;
}

/** Whether the payload has been deleted, by retention or by a person: no JSON object is empty text. */
export function isPayloadDeleted(dataJson: string): boolean {
  return dataJson === "";
}

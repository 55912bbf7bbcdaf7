export const TEST_EVENT_TYPE = "integration.test";

/** Who made an event: an application over the API, or OpenSend itself. */
export type EventOrigin = "application" | "system";

/**
 * The exact bytes sent and signed: compact JSON with the members in the published order, `created_at` in ISO 8601 UTC
 * with milliseconds. `dataJson` is kept as it is.
 */
export function serializeEvent(event: { type: string; createdAt: number; dataJson: string }): string {
  const type = JSON.stringify(event.type);
  const createdAt = JSON.stringify(new Date(event.createdAt).toISOString());
  return `{"type":${type},"created_at":${createdAt},"data":${event.dataJson}}`;
}

/** Whether retention has deleted the payload: no JSON object is empty text. */
export function isPayloadDeleted(dataJson: string): boolean {
  return dataJson === "";
}

import type { JsonObject } from "./json.ts";

export const TEST_EVENT_TYPE = "integration.test";

/** An event's envelope as receivers get it; `created_at` is ISO 8601 UTC with milliseconds. */
export type EventEnvelope = {
  readonly type: string;
  readonly created_at: string;
  readonly data: JsonObject;
};

/** The exact bytes sent and signed: compact JSON with the members in the published order. */
export function serializeEvent(event: { type: string; createdAt: number; dataJson: string }): string {
  const type = JSON.stringify(event.type);
  const createdAt = JSON.stringify(new Date(event.createdAt).toISOString());
  return `{"type":${type},"created_at":${createdAt},"data":${event.dataJson}}`;
}

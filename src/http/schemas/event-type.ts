import { z } from "zod";
import type { SeenEventType } from "../../statistics/read-event-types.ts";
import { listOf, timestamp, toTimestamp, uuid } from "./shared.ts";

const EventTypeView = z
  .object({
    type: z.string(),
    events: z
      .int()
      .meta({ description: "Events of this type since it was first seen; tests are not counted" }),
    first_seen_at: timestamp.meta({ description: "To the minute" }),
    last_seen_at: timestamp,
    example_event_id: uuid.meta({ description: "A recent event of this type" }),
  })
  .meta({ id: "EventType", description: "A type of received events" });

export const EventTypeList = listOf("EventTypeList", EventTypeView);

export function presentEventType(seen: SeenEventType): z.infer<typeof EventTypeView> {
  return {
    type: seen.type,
    events: seen.events,
    first_seen_at: toTimestamp(seen.firstSeenAt),
    last_seen_at: toTimestamp(seen.lastSeenAt),
    example_event_id: seen.exampleEventId,
  };
}

import { z } from "zod";
import type { LiveAttempt } from "../../realtime/live-attempts.ts";
import { timestamp, toTimestamp, uuid } from "./shared.ts";
import { ExchangeParts } from "./test-event.ts";

export const LiveAttemptView = z
  .object({
    delivery_id: uuid,
    connection_id: uuid,
    number: z.int(),
    trigger: ExchangeParts.trigger,
    started_at: timestamp,
    stage: z.enum(["dns", "connect", "tls", "first_byte", "body", "done"]).meta({
      description: "What is under way; `done` from the end of the attempt until it is recorded",
    }),
    timings: ExchangeParts.timings.meta({
      description: "Of the finished stages; `total` is the time so far",
    }),
  })
  .meta({ id: "LiveAttempt", description: "The current state of an attempt in progress" });

export function presentLiveAttempt(attempt: LiveAttempt): z.infer<typeof LiveAttemptView> {
  return {
    delivery_id: attempt.deliveryId,
    connection_id: attempt.connectionId,
    number: attempt.number,
    trigger: attempt.trigger,
    started_at: toTimestamp(attempt.startedAt),
    stage: attempt.stage,
    timings: attempt.timings,
  };
}

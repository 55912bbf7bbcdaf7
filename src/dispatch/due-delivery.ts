import type { AttemptTrigger } from "../domain/delivery.ts";
import type { EventOrigin } from "../domain/event.ts";
import type { OpenedConnection } from "./opened-connections.ts";

/** A due delivery, with everything needed to send it. */
export type DueDelivery = {
  readonly id: string;
  readonly connection: OpenedConnection;
  readonly trigger: AttemptTrigger;
  readonly attemptNumber: number;
  /** Its place in the queue, epoch milliseconds. */
  readonly dueAt: number;
  readonly replayId: string | null;
  /** Size of the event's data in UTF-8. */
  readonly payloadBytes: number;
  /** The time until which this request uses up its connection's rate, epoch milliseconds; null without a limit. */
  readonly rateUsedUntil: number | null;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly createdAt: number;
    readonly acceptedAt: number;
    readonly dataJson: string;
    readonly origin: EventOrigin;
    /** In the stored form. */
    readonly traceContext: string | null;
  };
};

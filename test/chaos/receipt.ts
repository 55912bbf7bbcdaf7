import type { Answer } from "./behaviours.ts";

/** One whole request as the receiver got it. Times are the receiver's, in epoch milliseconds, and are never stepped. */
export type Receipt = {
  /** `webhook-id` */
  readonly eventId: string;
  readonly path: string;
  /** `webhook-timestamp`: the sender's clock when the attempt began. */
  readonly timestampSeconds: number;
  readonly at: number;
  readonly answer: Answer;
  /** Whether it was the first request on its connection. */
  readonly isFirst: boolean;
  /** When the response was written whole; null when it was not. */
  answeredAt: number | null;
  /** When the TCP connection it came on ended: at once when its sender is killed. Null while it is open. */
  closedAt: number | null;
};

export type ReceiverLog = {
  readonly receipts: readonly Receipt[];
  /** Requests whose signature or body was wrong. */
  readonly faults: readonly string[];
};

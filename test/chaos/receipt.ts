import type { ResponseKind } from "./behaviors.ts";

/**
 * One complete request that the receiver got. Times are the receiver's, in epoch milliseconds, and are never stepped.
 */
export type Receipt = {
  /** `webhook-id` */
  readonly eventId: string;
  readonly path: string;
  /** `webhook-timestamp`: the sender's clock when the attempt began. */
  readonly timestampSeconds: number;
  readonly at: number;
  readonly response: ResponseKind;
  /** Whether it was the first request on its connection. */
  readonly isFirst: boolean;
  /** When the whole response was written; null if it was not. */
  respondedAt: number | null;
  /** When its TCP connection ended: immediately when the sender is killed. Null while the connection is open. */
  closedAt: number | null;
};

export type ReceiverLog = {
  readonly receipts: readonly Receipt[];
  /** Requests with a wrong signature or body. */
  readonly faults: readonly string[];
};

import type { ConnectorRequest } from "../connectors/contract.ts";
import type { DueDelivery } from "./due-delivery.ts";

/** A delivery with the exact bytes to send. */
export type SignedDelivery = {
  readonly delivery: DueDelivery;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly body: string;
  /** Ready to be sent; null when the credentials cannot be opened. */
  readonly request: ConnectorRequest | null;
};

/** A delivery without a body, for an attempt that fails before it is signed. */
export function unsigned(delivery: DueDelivery, startedAt: number): SignedDelivery {
  return { delivery, startedAt, body: "", request: null };
}

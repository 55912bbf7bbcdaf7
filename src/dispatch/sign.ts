import type { ConnectorRequest } from "../connectors/contract.ts";
import { serializeEvent } from "../domain/event.ts";
import { readTraceContext } from "../domain/trace-context.ts";
import type { DeliveryDeps } from "./deps.ts";
import type { DueDelivery } from "./due-delivery.ts";

/** The exact bytes to send, and the request ready to be sent; null when the credentials cannot be opened. */
export type SignedDelivery = {
  readonly delivery: DueDelivery;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly body: string;
  readonly request: ConnectorRequest | null;
};

/** A delivery of which nothing is written yet: what an attempt has that never came to be sent. */
export function unsigned(delivery: DueDelivery, startedAt: number): SignedDelivery {
  return { delivery, startedAt, body: "", request: null };
}

/** Writes the exact body and signs those bytes. Receivers compare the timestamp with their clocks. */
export function sign(
  deps: Pick<DeliveryDeps, "connectorFor" | "version" | "wallNow">,
  delivery: DueDelivery,
  startedAt: number,
): SignedDelivery {
  const { connection, event } = delivery;
  const body = serializeEvent(event);
  if (connection.credentials === null) return { delivery, startedAt, body, request: null };
  const request = deps.connectorFor(connection.provider).buildRequest({
    credentials: connection.credentials,
    eventId: event.id,
    body,
    timestampSeconds: Math.floor(deps.wallNow() / 1000),
    version: deps.version,
    traceContext: event.traceContext === null ? null : readTraceContext(event.traceContext),
  });
  return { delivery, startedAt, body, request };
}

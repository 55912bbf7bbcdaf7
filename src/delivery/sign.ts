import type { ConnectorRequest } from "../connectors/contract.ts";
import { serializeEvent } from "../core/event.ts";
import { readTraceContext } from "../core/trace-context.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";

/** The exact bytes to send, and the request ready to be sent; null when the credentials cannot be opened. */
export type SignedDelivery = {
  readonly claimed: ClaimedDelivery;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly body: string;
  readonly request: ConnectorRequest | null;
};

/** A delivery of which nothing is written yet: what an attempt has that never came to be sent. */
export function unsigned(claimed: ClaimedDelivery, startedAt: number): SignedDelivery {
  return { claimed, startedAt, body: "", request: null };
}

/** Writes the exact body and signs those bytes. Receivers compare the timestamp with their clocks. */
export function sign(
  deps: Pick<DeliveryDeps, "connectorFor" | "version" | "wallNow">,
  claimed: ClaimedDelivery,
  startedAt: number,
): SignedDelivery {
  const { connection, event } = claimed;
  const body = serializeEvent(event);
  if (connection.credentials === null) return { claimed, startedAt, body, request: null };
  const request = deps.connectorFor(connection.provider).buildRequest({
    credentials: connection.credentials,
    eventId: event.id,
    body,
    timestampSeconds: Math.floor(deps.wallNow() / 1000),
    version: deps.version,
    traceContext: event.traceContext === null ? null : readTraceContext(event.traceContext),
  });
  return { claimed, startedAt, body, request };
}

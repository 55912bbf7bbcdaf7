import type { ConnectorRequest } from "../connectors/contract.ts";
import type { Credentials } from "../core/connection.ts";
import { serializeEvent } from "../core/event.ts";
import { UnsealError } from "../crypto/seal.ts";
import type { ClaimedDelivery } from "./claim.ts";
import type { DeliveryDeps } from "./deps.ts";

/** A request ready to send, with the credentials it was made of; or null for both when they cannot be opened. */
export type SignedDelivery = { readonly body: string } & (
  | { readonly request: ConnectorRequest; readonly credentials: Credentials }
  | { readonly request: null; readonly credentials: null }
);

/** Opens the credentials, writes the exact body and signs those bytes. */
export function sign(deps: DeliveryDeps, claimed: ClaimedDelivery, startedAt: number): SignedDelivery {
  const body = serializeEvent(claimed.event);
  const credentials = open(deps, claimed);
  if (credentials === null) return { body, request: null, credentials: null };
  const request = deps.connectorFor(claimed.provider).buildRequest({
    credentials,
    eventId: claimed.event.id,
    body,
    timestampSeconds: Math.floor(startedAt / 1000),
    version: deps.version,
  });
  return { body, request, credentials };
}

function open(deps: DeliveryDeps, claimed: ClaimedDelivery): Credentials | null {
  const { workspaceId, connectionId, sealedCredentials } = claimed;
  if (sealedCredentials === null) return null;
  try {
    return deps.openCredentials({ workspaceId, connectionId, sealed: sealedCredentials });
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}

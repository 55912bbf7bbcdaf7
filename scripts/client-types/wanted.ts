/**
 * The schemas that the clients in `clients/` accept and return. Schemas that these refer to are added automatically.
 */
export const SCHEMAS: readonly string[] = [
  "AcceptedEvent",
  "Caller",
  "ConnectRequest",
  "Connection",
  "Delivery",
  "DeliveryDetail",
  "ErrorCode",
  "EventDetail",
  "EventListItem",
  "EventType",
  "FindConnectionsRequest",
  "ListedConnection",
  "PutConnectionRequest",
  "RotateSecretRequest",
  "TestDelivery",
  "UpdateConnectionRequest",
];

/** Calls with query parameters that the clients accept, and the name of the query's type. */
export const CALLS: Readonly<Record<string, string>> = {
  listConnections: "ListConnectionsQuery",
  listDeliveries: "ListDeliveriesQuery",
  listEvents: "ListEventsQuery",
  listEventTypes: "ListEventTypesQuery",
};

/** Requests that change an object: omitted fields stay unchanged, and null is a value. */
export function isPatch(name: string): boolean {
  return /^(?:Update|Put)/.test(name);
}

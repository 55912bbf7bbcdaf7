/** The schemas that the clients in `clients/` take and return. What these refer to comes with them. */
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

/** Calls whose query the clients take, and the name of its type. */
export const CALLS: Readonly<Record<string, string>> = {
  listConnections: "ListConnectionsQuery",
  listDeliveries: "ListDeliveriesQuery",
  listEvents: "ListEventsQuery",
  listEventTypes: "ListEventTypesQuery",
};

/** Requests that change what exists: what they leave out stays as it is, and null is a value of its own. */
export function isPatch(name: string): boolean {
  return /^(?:Update|Put)/.test(name);
}

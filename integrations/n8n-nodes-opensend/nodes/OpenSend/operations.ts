import type { IDataObject, IExecuteFunctions, IHttpRequestMethods } from "n8n-workflow";
import { NodeOperationError } from "n8n-workflow";
import { eventIdOf } from "./event-id";

type Call = {
  readonly method: IHttpRequestMethods;
  readonly path: string;
  readonly body?: IDataObject;
  readonly qs?: IDataObject;
};

/** The API call of each operation, for one item. */
export const OPERATIONS: Readonly<Record<string, (node: IExecuteFunctions, index: number) => Call>> = {
  "event.send": (node, index) => ({
    method: "POST",
    path: "/api/events",
    body: {
      id: eventId(node, index),
      type: node.getNodeParameter("eventType", index) as string,
      data: readData(node, index),
    },
  }),
  "event.get": (node, index) => ({
    method: "GET",
    path: `/api/events/${encodeURIComponent(node.getNodeParameter("eventId", index) as string)}`,
  }),
  "event.getAll": (node, index) => ({
    method: "GET",
    path: "/api/events",
    qs: { include: "data", limit: node.getNodeParameter("limit", index) as number, ...filters(node, index) },
  }),
  "delivery.getAll": (node, index) => ({
    method: "GET",
    path: "/api/deliveries",
    qs: { limit: node.getNodeParameter("limit", index) as number, ...filters(node, index) },
  }),
  "delivery.retry": (node, index) => ({
    method: "POST",
    path: `/api/deliveries/${encodeURIComponent(node.getNodeParameter("deliveryId", index) as string)}/retry`,
  }),
};

/** The caller's id, or one that stays the same when n8n retries the node, so that the event is accepted only once. */
function eventId(node: IExecuteFunctions, index: number): string {
  const given = String(node.getNodeParameter("customEventId", index, "")).trim();
  if (given !== "") return given;
  const run = node.evaluateExpression("{{ $runIndex }}", index);
  return eventIdOf([
    node.getInstanceId(),
    node.getExecutionId(),
    node.getNode().id,
    String(run),
    String(index),
  ]);
}

function readData(node: IExecuteFunctions, index: number): IDataObject {
  let value = node.getNodeParameter("data", index);
  try {
    if (typeof value === "string") value = JSON.parse(value);
  } catch {
    value = "";
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as IDataObject;
  throw new NodeOperationError(node.getNode(), 'The parameter "Data" must be a JSON object', {
    itemIndex: index,
  });
}

function filters(node: IExecuteFunctions, index: number): IDataObject {
  const chosen = node.getNodeParameter("filters", index, {}) as IDataObject;
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== ""));
}

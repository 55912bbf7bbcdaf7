import { type DeliveryFilter, readList } from "../delivery-filter.ts";

type StatisticsFilters = {
  connection_id?: string;
  event_type?: string;
  outcome?: "delivered" | "failed";
};

/** The part of a filter that the statistics support, and the names of the filters they do not. */
export function statisticsFilters(filter: DeliveryFilter): {
  readonly filters: StatisticsFilters;
  readonly ignored: readonly string[];
} {
  const connections = readList(filter.connection);
  const types = readList(filter.type);
  const ignored = [
    connections.length > 1 && "connection",
    types.length > 1 && "event type",
    (filter.status === "pending" || filter.status === "cancelled") && "status",
    (filter.response !== undefined || filter.response_status !== undefined) && "response",
    filter.error_code !== undefined && "error",
    filter.q !== undefined && "search text",
  ].filter((name) => name !== false);
  const [connection] = connections;
  const [type] = types;
  return {
    filters: {
      ...(connections.length === 1 && connection !== undefined && { connection_id: connection }),
      ...(types.length === 1 && type !== undefined && { event_type: type }),
      ...((filter.status === "delivered" || filter.status === "failed") && { outcome: filter.status }),
    },
    ignored,
  };
}

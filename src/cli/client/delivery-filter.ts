import type { Command } from "commander";
import { readEventTypes, readTime, requireUuid, TIME_HELP } from "./read-option.ts";

/** Options that filter a list of deliveries, besides the status. */
export type DeliveryFilterOptions = {
  readonly connection?: string;
  readonly event?: string;
  readonly type?: string;
  readonly responseStatus?: string;
  readonly errorCode?: string;
  readonly since?: string;
  readonly until?: string;
};

export function addDeliveryFilter(command: Command): Command {
  return command
    .option("--connection <ids>", "ids of connections, separated by commas")
    .option("--event <id>", "id of an event")
    .option("--type <types>", "event types and patterns such as order.*, separated by commas")
    .option("--response-status <statuses>", "HTTP statuses of the last response, separated by commas")
    .option("--error-code <codes>", "why the last attempt failed, such as timeout, separated by commas")
    .option("--since <time>", `created since: ${TIME_HELP}`)
    .option("--until <time>", "created before");
}

/** The filter in the form the API takes, in queries and bodies. @throws {UsageError} */
export function readDeliveryFilter(given: DeliveryFilterOptions): Record<string, string | undefined> {
  const { connection, event } = given;
  const ids = connection?.split(",").map((id) => requireUuid("--connection", id.trim()));
  return {
    connection_id: ids?.join(","),
    event_id: event === undefined ? undefined : requireUuid("--event", event),
    event_type: readEventTypes("--type", given.type)?.join(","),
    response_status: given.responseStatus,
    error_code: given.errorCode,
    created_from: readTime("--since", given.since),
    created_before: readTime("--until", given.until),
  };
}

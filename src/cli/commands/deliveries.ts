import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { type LoadClientOptions, openServer } from "../client/client.ts";
import {
  addDeliveryFilter,
  type DeliveryFilterOptions,
  readDeliveryFilter,
} from "../client/delivery-filter.ts";
import { listPages } from "../client/list-all.ts";
import { JSON_OPTION, paint, printJson, printTable } from "../client/output.ts";
import { readLimit, requireUuid } from "../client/read-option.ts";
import type { ServerCall } from "../client/server-call.ts";
import { UsageError } from "../command-error.ts";
import { print } from "../print.ts";

const PATH = "/api/deliveries";
/** The most ids that one call accepts. */
const IDS_MAX = 1000;

type DeliveryRow = {
  readonly id: string;
  readonly status: string;
  readonly event_type: string;
  readonly connection_name: string;
  readonly attempt_count: number;
  readonly response_status: number | null;
  readonly error_code: string | null;
  readonly created_at: string;
};

export function addDeliveries(program: Command, load: LoadClientOptions): void {
  const deliveries = program.command("deliveries").description("Deliveries of a server.");
  addList(deliveries, load);
  addRetry(deliveries, load);
}

type ListOptions = DeliveryFilterOptions & {
  readonly status?: string;
  readonly search?: string;
  readonly limit: string;
  readonly json?: true;
};

function addList(deliveries: Command, load: LoadClientOptions): void {
  const command = deliveries
    .command("list")
    .description("List deliveries, newest first.")
    .option("--status <statuses>", "pending, delivered, failed or cancelled, several separated by commas");
  addDeliveryFilter(command)
    .option("--search <text>", "text to look for in data and response bodies")
    .option("--limit <count>", "maximum number of deliveries", "20")
    .option(...JSON_OPTION)
    .action(async ({ status, search, limit, json, ...given }: ListOptions) => {
      const query = { status, q: search, ...readDeliveryFilter(given) };
      const rows: DeliveryRow[] = [];
      for await (const page of listPages<DeliveryRow>(openServer(load), PATH, query, readLimit(limit))) {
        if (json === true) for (const delivery of page) printJson(delivery);
        else rows.push(...page);
      }
      if (json === true) return;
      const header = ["CREATED", "ID", "STATUS", "ATTEMPTS", "LAST RESULT", "TYPE", "CONNECTION"];
      printTable(header, rows.map(describeDelivery), header.indexOf("STATUS"));
    });
}

function describeDelivery(delivery: DeliveryRow): (string | number | null)[] {
  const { created_at, id, status, attempt_count, event_type, connection_name } = delivery;
  const result = delivery.error_code ?? delivery.response_status;
  return [created_at, id, status, attempt_count, result, event_type, connection_name];
}

function addRetry(deliveries: Command, load: LoadClientOptions): void {
  deliveries
    .command("retry")
    .description("Retry deliveries now: pending ones that wait for a later attempt, and ended ones.")
    .argument("<ids...>", `ids from \`deliveries list\`, up to ${IDS_MAX}`)
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      "\nQueues them. `deliveries list` shows the result. Select by filter with `replay`.",
    )
    .action(async (given: string[], { json }: { json?: true }) => {
      const server = openServer(load);
      const ids = [...new Set(given.map((id) => requireUuid("Each id", id)))];
      if (ids.length > IDS_MAX)
        throw new UsageError(`Name at most ${IDS_MAX} ids, or use \`opensend replay\`.`);
      const [only = ""] = ids;
      const result = ids.length === 1 ? await retryOne(server, only) : await retryMany(server, ids);
      if (json === true) printJson(result.data);
      else print(result.text);
    });
}

async function retryOne(server: ServerCall, id: string) {
  const call = server.call<{ data: DeliveryRow }>("POST", `${PATH}/${id}/retry`, {
    idempotencyKey: randomUUID(),
  });
  const { data } = await call;
  return { data, text: `delivery ${data.id} is ${paint(data.status)} and due now` };
}

async function retryMany(server: ServerCall, ids: readonly string[]) {
  const { data, brought_forward } = await server.call<{
    data: { readonly id: string; readonly total: number };
    brought_forward: number;
  }>("POST", `${PATH}/retry`, { body: { ids }, idempotencyKey: randomUUID() });
  const text = `retried ${data.total + brought_forward} deliveries: ${brought_forward} were pending, ${data.total} are sent again by replay ${data.id}`;
  return { data: { ...data, brought_forward }, text };
}

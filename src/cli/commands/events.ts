import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { type LoadClientOptions, openServer } from "../client/client.ts";
import { followEvents, type ListedEvent } from "../client/follow-events.ts";
import { listPages } from "../client/list-all.ts";
import { JSON_OPTION, printJson, printTable, row } from "../client/output.ts";
import { readInput } from "../client/read-input.ts";
import { readEventTypes, readLimit, readTime, requireUuid, TIME_HELP } from "../client/read-option.ts";
import { UsageError } from "../command-error.ts";
import { print } from "../print.ts";
import { untilStopped } from "../until-stopped.ts";

const TYPES_HELP = "event types and patterns such as order.*, separated by commas";

export function addEvents(program: Command, load: LoadClientOptions): void {
  const events = program.command("events").description("Events of a server.");
  addSend(events, load);
  addList(events, load);
  addTail(events, load);
}

type SendOptions = {
  readonly data?: string;
  readonly dataFile?: string;
  readonly id?: string;
  readonly createdAt?: string;
  readonly json?: true;
};
type AcceptedEvent = { readonly id: string; readonly type: string; readonly deliveries: number };

function addSend(events: Command, load: LoadClientOptions): void {
  events
    .command("send")
    .description("Send an event. Safe to repeat with the same id.")
    .argument("<type>", "event type, such as order.paid")
    .option("--data <json>", "data of the event, a JSON object")
    .option("--data-file <file>", "read the data from this file, - for standard input (default: -)")
    .option("--id <uuid>", "id of the event (default: a new one)")
    .option("--created-at <time>", "when it happened (default: now)")
    .option(...JSON_OPTION)
    .action(async (type: string, given: SendOptions) => {
      const server = openServer(load);
      const body = composeEvent(type, given);
      const { data } = await server.call<{ data: AcceptedEvent }>("POST", "/api/events", {
        body,
        // The event has an id, so a repeated request does not create another event.
        isRepeatable: true,
      });
      if (given.json === true) printJson(data);
      else print(`accepted event ${data.id}, deliveries: ${data.deliveries}`);
    });
}

/** Composes the request as text, so that the data is sent byte for byte. */
function composeEvent(type: string, { data, dataFile, id, createdAt }: SendOptions): string {
  if (data !== undefined && dataFile !== undefined) {
    throw new UsageError("Give either --data or --data-file.");
  }
  const eventId = id === undefined ? randomUUID() : requireUuid("--id", id);
  const time = createdAt === undefined ? "" : `,"created_at":${JSON.stringify(createdAt)}`;
  const text = data ?? readInput(requireInput(dataFile));
  requireObject(text, data === undefined ? "The data" : "--data");
  return `{"type":${JSON.stringify(type)},"id":"${eventId}"${time},"data":${text}}`;
}

function requireInput(dataFile = "-"): string {
  if (dataFile !== "-" || !process.stdin.isTTY) return dataFile;
  throw new UsageError("Give the data with --data or --data-file, or on standard input.");
}

function requireObject(text: string, what: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${what} must be valid JSON, such as '{"order_id": 42}'.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`${what} must be a JSON object, such as '{"order_id": 42}'.`);
  }
}

type ListOptions = {
  readonly type?: string;
  readonly since?: string;
  readonly until?: string;
  readonly search?: string;
  readonly failed?: true;
  readonly limit: string;
  readonly json?: true;
};
type EventRow = ListedEvent & {
  readonly outcomes: { pending: number; delivered: number; failed: number; cancelled: number };
};

function addList(events: Command, load: LoadClientOptions): void {
  events
    .command("list")
    .description("List events, newest first.")
    .option("--type <types>", TYPES_HELP)
    .option("--since <time>", `accepted since: ${TIME_HELP}`)
    .option("--until <time>", "accepted before")
    .option("--search <text>", "text to look for in the data")
    .option("--failed", "only events with a failed delivery")
    .option("--limit <count>", "maximum number of events", "20")
    .option(...JSON_OPTION)
    .action(async (given: ListOptions) => {
      const limit = readLimit(given.limit);
      const query = {
        type: readEventTypes("--type", given.type)?.join(","),
        accepted_from: readTime("--since", given.since),
        accepted_before: readTime("--until", given.until),
        q: given.search,
        has_failed: given.failed === true ? "true" : undefined,
        include: given.json === true ? "data" : undefined,
      };
      const rows: EventRow[] = [];
      for await (const page of listPages<EventRow>(openServer(load), "/api/events", query, limit)) {
        if (given.json === true) for (const event of page) printJson(event);
        else rows.push(...page);
      }
      if (given.json !== true) printTable(["ACCEPTED", "ID", "TYPE", "DELIVERIES"], rows.map(describeEvent));
    });
}

function describeEvent({ accepted_at, id, type, outcomes }: EventRow): string[] {
  const counts = (["delivered", "pending", "failed", "cancelled"] as const)
    .filter((status) => outcomes[status] > 0)
    .map((status) => `${outcomes[status]} ${status}`);
  return [accepted_at, id, type, counts.length === 0 ? "none" : counts.join(", ")];
}

function addTail(events: Command, load: LoadClientOptions): void {
  events
    .command("tail")
    .description("Print events as they are accepted.")
    .option("--type <types>", TYPES_HELP)
    .option(...JSON_OPTION)
    .addHelpText("after", "\nStops on Ctrl-C. With --json, each line has the data of the event.")
    .action(async ({ type, json }: { type?: string; json?: true }) => {
      const stop = new AbortController();
      void untilStopped().then(() => stop.abort());
      const types = readEventTypes("--type", type) ?? null;
      const onReady = () => console.error(`Following ${types?.join(", ") ?? "all events"}. Ctrl-C stops.`);
      const following = { types, signal: stop.signal, notify: console.error, onReady };
      for await (const event of followEvents(openServer(load), following)) {
        if (json === true) printJson(event);
        else print(row([event.accepted_at, event.id, event.type]));
      }
    });
}

import { randomUUID } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import type { Command } from "commander";
import { OPTIONS } from "../../config/options.ts";
import { isUuid } from "../../domain/id.ts";
import { isVerifiableSecret, SIGNING_SECRET_RULE } from "../../domain/signing-secret.ts";
import { askHidden } from "../ask-hidden.ts";
import { type LoadClientOptions, openServer } from "../client/client.ts";
import { listPages } from "../client/list-all.ts";
import { JSON_OPTION, paint, printJson, printTable } from "../client/output.ts";
import { readEventTypes, readLimit } from "../client/read-option.ts";
import type { ServerCall } from "../client/server-call.ts";
import { CommandError, UsageError } from "../command-error.ts";
import { print } from "../print.ts";
import { printable } from "../printable.ts";

const PATH = "/api/integrations/connections";
const ID = ["<id>", "id from `connections list`, or your own external id"] as const;

type ConnectionRow = {
  readonly id: string;
  readonly external_id: string | null;
  readonly name: string;
  readonly state: string;
  readonly pending_count: number;
  readonly event_types: readonly string[];
  readonly config: { readonly webhook: { readonly endpoint_preview: string } };
};
type ConnectionResponse = { readonly data: ConnectionRow };

export function addConnections(program: Command, load: LoadClientOptions): void {
  const connections = program.command("connections").description("Connections of a server.");
  addList(connections, load);
  addCreate(connections, load);
  addTest(connections, load);
  addChanges(connections, load);
}

type ListOptions = {
  readonly state?: string;
  readonly eventType?: string;
  readonly search?: string;
  readonly limit: string;
  readonly json?: true;
};

function addList(connections: Command, load: LoadClientOptions): void {
  connections
    .command("list")
    .description("List connections. Disconnected ones only with --state disconnected.")
    .option("--state <state>", "ok, idle, held, failing, paused or disconnected")
    .option("--event-type <type>", "only connections that get this event type")
    .option("--search <text>", "part of a name or a host")
    .option("--limit <count>", "maximum number of connections", "100")
    .option(...JSON_OPTION)
    .action(async ({ state, eventType, search, limit, json }: ListOptions) => {
      const query = { state, event_type: eventType, q: search };
      const rows: ConnectionRow[] = [];
      for await (const page of listPages<ConnectionRow>(openServer(load), PATH, query, readLimit(limit))) {
        if (json === true) for (const connection of page) printJson(connection);
        else rows.push(...page);
      }
      if (json === true) return;
      const header = ["ID", "STATE", "PENDING", "EVENT TYPES", "NAME", "ENDPOINT", "EXTERNAL ID"];
      printTable(header, rows.map(describeConnection), header.indexOf("STATE"));
    });
}

function describeConnection(connection: ConnectionRow): (string | number | null)[] {
  const { id, state, pending_count, event_types, name, config, external_id } = connection;
  const types = event_types.join(",");
  return [id, state, pending_count, types, name, config.webhook.endpoint_preview, external_id];
}

type CreateOptions = {
  readonly name: string;
  readonly eventTypes: string;
  readonly description?: string;
  readonly externalId?: string;
  readonly ordered?: true;
  readonly askSecret?: true;
  readonly json?: true;
};

const CREATE_HELP = `
The webhook URL is a secret, so it is never an argument: it is read from
OPENSEND_WEBHOOK_URL, from the file that OPENSEND_WEBHOOK_URL_FILE names, or
from standard input, and asked for on a terminal. The signing secret is read from
OPENSEND_SIGNING_SECRET or OPENSEND_SIGNING_SECRET_FILE, or asked for with
--ask-secret. Without one, nothing is signed.`;

function addCreate(connections: Command, load: LoadClientOptions): void {
  connections
    .command("create")
    .description("Create a connection.")
    .requiredOption("--name <name>", "name that people see")
    .option("--event-types <types>", "event types and patterns, separated by commas", "*")
    .option("--description <text>", "a note for people")
    .option("--external-id <id>", "your own id of it, unique in the workspace")
    .option("--ordered", "strict order: one delivery at a time")
    .option("--ask-secret", "ask for the signing secret")
    .option(...JSON_OPTION)
    .addHelpText("after", CREATE_HELP)
    .action(async (given: CreateOptions) => {
      const server = openServer(load);
      const eventTypes = readEventTypes("--event-types", given.eventTypes);
      const secrets = await readSecrets(given.askSecret === true, load);
      const { data } = await server.call<ConnectionResponse>("POST", "/api/integrations/webhook", {
        idempotencyKey: randomUUID(),
        body: {
          name: given.name,
          description: given.description,
          external_id: given.externalId,
          event_types: eventTypes,
          ordered: given.ordered,
          webhook_url: secrets.url,
          signing_secret: secrets.signingSecret,
        },
      });
      if (given.json === true) printJson(data);
      else print(`created connection ${data.id} to ${printable(data.config.webhook.endpoint_preview)}`);
    });
}

async function readSecrets(asksSecret: boolean, load: LoadClientOptions) {
  const { webhookUrl, signingSecret: given } = load();
  const url = webhookUrl ?? (await readUrl());
  const { name } = OPTIONS.signingSecret;
  const signingSecret = asksSecret ? await askHidden("Signing secret: ", name) : given;
  if (signingSecret !== null && !isVerifiableSecret(signingSecret)) throw new UsageError(SIGNING_SECRET_RULE);
  return { url, signingSecret: signingSecret === "" ? null : signingSecret };
}

async function readUrl(): Promise<string> {
  const { name } = OPTIONS.webhookUrl;
  if (process.stdin.isTTY) return askHidden("Webhook URL: ", name);
  const url = (await readAll(process.stdin)).trim();
  if (url !== "") return url;
  throw new UsageError(`There is no webhook URL. Set ${name}, or write the URL to standard input.`);
}

/** The id of a connection, given that id or the external id. */
async function findId(server: ServerCall, given: string): Promise<string> {
  if (isUuid(given)) return given.toLowerCase();
  const path = `${PATH}/by-external-id/${encodeURIComponent(given)}`;
  return (await server.call<ConnectionResponse>("GET", path)).data.id;
}

type Tested = {
  readonly delivery: {
    readonly ok: boolean;
    readonly status: number | null;
    readonly duration_ms: number;
    readonly explanation: { readonly title: string; readonly detail: string; readonly action: string };
  };
};

function addTest(connections: Command, load: LoadClientOptions): void {
  connections
    .command("test")
    .description("Send a test event and wait for the response.")
    .argument(...ID)
    .option(...JSON_OPTION)
    .addHelpText("after", "\nExits with 1 if the receiver does not respond with 2xx.")
    .action(async (given: string, { json }: { json?: true }) => {
      const server = openServer(load);
      const id = await findId(server, given);
      const tested = await server.call<Tested>("POST", `${PATH}/${id}/test`, {
        idempotencyKey: randomUUID(),
      });
      const { ok, status, duration_ms, explanation } = tested.delivery;
      if (json === true) printJson(tested);
      else if (ok) print(`${paint("ok")}\t${status} in ${duration_ms} ms`);
      if (ok) return;
      const { title, detail, action } = explanation;
      throw new CommandError(printable(`${title}. ${detail} ${action}`));
    });
}

const CHANGES = [
  { verb: "pause", description: "Pause a connection. Its deliveries wait." },
  { verb: "resume", description: "Resume a paused connection." },
] as const;

function addChanges(connections: Command, load: LoadClientOptions): void {
  for (const { verb, description } of CHANGES) {
    connections
      .command(verb)
      .description(description)
      .argument(...ID)
      .option(...JSON_OPTION)
      .action(async (given: string, { json }: { json?: true }) => {
        const server = openServer(load);
        const id = await findId(server, given);
        // Repeating the call has no further effect.
        const { data } = await server.call<ConnectionResponse>("POST", `${PATH}/${id}/${verb}`, {
          isRepeatable: true,
        });
        if (json === true) printJson(data);
        else
          print(`connection ${data.id} is ${paint(data.state)}, pending deliveries: ${data.pending_count}`);
      });
  }
}
